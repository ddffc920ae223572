// Which failures are tried again: those of which nothing says that it stays.

import { AuthenticationError, MultipleErrors, NetworkError, ProtocolError, ResponseError } from '@platformatic/kafka';
import { describe, expect, it } from 'vitest';
import { LeaderMissingError } from '../../../src/kafka/wire/cluster.ts';
import { mayPass } from '../../../src/kafka/wire/retry.ts';

const metadata = 3;
const codes = { notLeader: 6, topicAuthorization: 29, invalidProducerEpoch: 47, notAttempted: 55, loading: 14 };

/** An answer with an error for each of some partitions. */
function answer(...errorCodes: number[]): ResponseError {
  const errors: Record<string, [number, null]> = {};
  for (const [index, code] of errorCodes.entries()) errors[`/topics/0/partitions/${index}`] = [code, null];
  return new ResponseError(metadata, 12, errors, {});
}

describe('a failure may pass', () => {
  const refused = new NetworkError('Connection to a:9092 failed.', { cause: new Error('connect ECONNREFUSED') });

  it.each([
    ['of which Kafka says so', new ProtocolError(codes.notLeader)],
    ['of which it says so in each place', answer(codes.notLeader, codes.loading)],
    ['where the rest was not attempted for it', answer(codes.notAttempted, codes.notLeader)],
    ['of a connection', refused],
    ['of a connection, whatever has caused it', new NetworkError('failed', { cause: new AuthenticationError('no') })],
    ['of a connection, caused by one that may', new NetworkError('failed', { cause: refused })],
    ['of the connections to all brokers', new MultipleErrors('Cannot connect to any broker.', [refused, refused])],
    ['beside something that says nothing', new MultipleErrors('failed', [new Error('?'), refused])],
    ['several levels down', new MultipleErrors('failed', [new MultipleErrors('failed', [answer(codes.loading)])])],
    ['where a partition has no leader', new LeaderMissingError('topic', 0)],
  ])('%s', (_, error) => {
    expect(mayPass(error)).toBe(true);
  });
});

describe('a failure does not pass', () => {
  it.each([
    ['of which Kafka says so', new ProtocolError(codes.topicAuthorization)],
    ['of which it says so in one place of several', answer(codes.notLeader, codes.topicAuthorization, codes.loading)],
    ['of which it says so before others', answer(codes.topicAuthorization, codes.notLeader)],
    ['several levels down', new MultipleErrors('failed', [new NetworkError('x'), answer(codes.topicAuthorization)])],
    ['where nothing else was attempted', answer(codes.notAttempted)],
    ['where the producer is fenced', answer(codes.invalidProducerEpoch)],
    ['of which nothing is known', new Error('out of memory')],
    ['that holds none', new MultipleErrors('failed', [])],
    ['that is no error', 'gone'],
  ])('%s', (_, error) => {
    expect(mayPass(error)).toBe(false);
  });
});
