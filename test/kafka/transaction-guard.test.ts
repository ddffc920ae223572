import { ProtocolError } from '@platformatic/kafka';
import { expect, it } from 'vitest';
import { createTransactionGuard } from '../../src/kafka/transaction-errors.ts';

const { adding, failing } = createTransactionGuard('t');
const invalidProducerEpoch = 47;

it.each([
  ['what a send failed with', new Error('the connection was closed'), 'transaction-failed'],
  ['a takeover', new ProtocolError(invalidProducerEpoch, 'a send was refused'), 'fenced'],
])('adding a record tells %s in words, whether at once or after waiting', async (_, cause, code) => {
  expect(() =>
    adding(() => {
      throw cause;
    }),
  ).toThrow(expect.objectContaining({ code, cause }));
  await expect(adding(() => Promise.reject(cause))).rejects.toMatchObject({ code, cause });
  await expect(failing('transaction-failed', () => Promise.reject(cause))).rejects.toMatchObject({ code, cause });
  expect(adding(() => undefined)).toBeUndefined();
});
