// A real Kafka broker for tests: the first that this machine offers.

import { messageOf } from '../../src/errors.ts';
import { startDockerBroker } from './docker-broker.ts';
import { startProcessCluster } from './process-broker.ts';

export interface Broker {
  readonly brokers: string[];
  /** `environment`, `docker` or `java`. */
  readonly kind: string;
  stop(): Promise<void>;
}

/**
 * Takes KAFKA_BROKERS if set; else Docker; else Java and Maven. `MILLRACE_TEST_BROKER=docker|java|none` asks for one.
 * Throws, with every reason, if there is none.
 */
export async function startBroker(): Promise<Broker> {
  const asked = process.env.MILLRACE_TEST_BROKER;
  const given = process.env.KAFKA_BROKERS;
  if (given && !asked) return { brokers: given.split(','), kind: 'environment', stop: async () => {} };
  const ways = [
    { kind: 'docker', start: startDockerBroker },
    { kind: 'java', start: () => startProcessCluster() },
  ].filter(({ kind }) => !asked || asked === kind);
  const reasons = ['KAFKA_BROKERS: not set'];
  for (const { kind, start } of ways) {
    try {
      const broker = await start();
      return { brokers: broker.brokers, kind, stop: () => broker.stop() };
    } catch (error) {
      reasons.push(`${kind}: ${messageOf(error).split('\n')[0]}`);
    }
  }
  throw new Error(reasons.join('; '));
}
