// Apache Kafka's own jars through Maven, kept under node_modules/.cache: a broker needs no more than them and Java.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const kafkaVersion = '4.3.1';

const cacheRoot = fileURLToPath(new URL('../../node_modules/.cache/millrace-kafka/', import.meta.url));

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>local</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging><dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${kafkaVersion}</version></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
</dependencies></project>
`;

/** The folder of Kafka's jars, downloaded once. Throws if Java 17 or Maven is missing, or the download fails. */
export async function kafkaJars(): Promise<string> {
  const run = promisify(execFile);
  const { stderr } = await run('java', ['-version']);
  const major = Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
  if (major < 17) throw new Error(`Java 17 or newer is needed, found: ${stderr.split('\n')[0]}`);
  const libs = `${cacheRoot}${kafkaVersion}`;
  if (existsSync(libs)) return libs;
  const building = `${libs}.${process.pid}`;
  await mkdir(building, { recursive: true });
  await writeFile(`${building}/pom.xml`, pom);
  const goal = ['-q', '-B', 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${building}`];
  await run('mvn', goal, { cwd: building, timeout: 300_000 });
  // The rename makes the folder appear whole; losing a race against another test run is as good as winning it.
  await rename(building, libs).catch(() => rm(building, { recursive: true, force: true }));
  return libs;
}
