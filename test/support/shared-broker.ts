// The broker of this test run, for test files: `const brokers = await sharedBroker()` and `describe.skipIf(!brokers)`.

import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { inject } from 'vitest';

/** Addresses of the run's broker, started by the first caller; null where this machine has none. */
export async function sharedBroker(): Promise<string[] | null> {
  const answer = (await text(connect(inject('kafkaBrokerPort'), '127.0.0.1'))).trim();
  return answer === '' ? null : answer.split(',');
}
