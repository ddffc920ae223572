// Waits until a Kafka cluster answers with the number of brokers it should have.

import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { hushTimerWarning } from '../../src/kafka/timer-warning.ts';

/** Resolves once `brokers` name a cluster of at least `count` live nodes with a controller; throws after `timeoutMs`. */
export async function brokersReady(brokers: readonly string[], count: number, timeoutMs: number): Promise<void> {
  hushTimerWarning();
  const deadline = Date.now() + timeoutMs;
  let lastError: unknown = null;
  while (Date.now() < deadline) {
    const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING, retry: { retries: 0 } }).admin();
    try {
      await admin.connect();
      const cluster = await admin.describeCluster();
      if (cluster.brokers.length >= count && cluster.controller !== null) return;
    } catch (error) {
      lastError = error;
    } finally {
      await admin.disconnect();
    }
    await sleep(150);
  }
  throw new Error(`Kafka at ${brokers.join(', ')} did not answer within ${timeoutMs} ms`, { cause: lastError });
}
