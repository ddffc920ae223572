// The Kafka Streams peer: built once by Maven, run as a process of its own.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../tooling/source-files.ts';
import { runWatched, type Usage } from '../usage.ts';

const run = promisify(execFile);
const sources = join(projectRoot, 'test/bench/peers/kafka-streams');
const built = join(projectRoot, 'node_modules/.cache/millrace-peer');

/** Builds the peer; null, with a loud line, where Java or Maven is missing or the build fails. */
export async function buildPeer(): Promise<string | null> {
  try {
    if (!existsSync(join(built, 'target/libs'))) {
      await mkdir(built, { recursive: true });
      await cp(sources, built, { recursive: true });
      await run('mvn', ['-q', '-B', 'package'], { cwd: built, timeout: 600_000 });
    }
    return built;
  } catch (error) {
    console.error(`*** no Kafka Streams peer in this run: ${String(error).split('\n')[0]} ***`);
    return null;
  }
}

const asWritten = ['-XX:+UseG1GC', 'peer.App', 'mlp', '100'];
const tuned = ['-XX:+UseSerialGC', 'peer.App', 'mlp', '100', '1', 'stream', '1'];

/** One run of the peer through all of the input; what it used. Throws what it said where it did not get there. */
export async function runPeer(
  folder: string,
  topics: { readonly brokers: readonly string[]; readonly input: string; readonly output: string },
  form: 'tuned' | 'as written',
): Promise<Usage> {
  const [collector, ...program] = form === 'tuned' ? tuned : asWritten;
  const classPath = `${join(folder, 'target/classes')}:${join(folder, 'target/libs/*')}`;
  const { stdout, usage } = await runWatched(
    'java',
    ['-Xmx1g', collector, '-cp', classPath, '-Dorg.slf4j.simpleLogger.defaultLogLevel=error', ...program],
    { env: { ...process.env, BROKERS: topics.brokers.join(','), IN: topics.input, OUT: topics.output } },
  );
  if (!/: \d+ samples\/s/.test(stdout)) throw new Error(`the peer said: ${stdout}`);
  return usage;
}
