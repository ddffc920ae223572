// Kafka brokers as processes of this machine: 1 or 3 KRaft nodes that a faults suite can kill -9 and start again on the
// same ports with the same data, and reach through a proxy of its own.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { kafkaJars } from './kafka-jars.ts';
import { brokersReady } from './ready.ts';

const clusterId = '5L6g3nShT-eMCtK--X86sw';

/** A cluster of broker processes; nodes are numbered from 0. */
export interface ProcessCluster {
  readonly brokers: string[];
  /** The same brokers past the proxies of `advertise`, in plain text whatever `brokers` asks for. */
  readonly direct: string[];
  /** The processes that run. */
  readonly pids: number[];
  /** SIGKILL: the node has no chance to say goodbye. Resolves once the process is gone. */
  kill(node: number): Promise<void>;
  /** SIGTERM: the node hands its leaderships over first. Resolves once the process is gone. */
  shutDown(node: number): Promise<void>;
  /** Starts a killed node again on its ports and data. Resolves once the cluster answers. */
  restart(node: number): Promise<void>;
  /** Stops every node and removes the data. */
  stop(): Promise<void>;
}

export interface ClusterOptions {
  /** Default 1. */
  readonly nodes?: number;
  /** Broker settings besides those that a test cluster needs. */
  readonly properties?: Readonly<Record<string, string | number>>;
  /** Arguments of the storage tool's `format`, to add SCRAM users. */
  readonly format?: readonly string[];
  /** The port that clients are told instead of a node's own: that of a proxy to it. Brokers talk past it. */
  readonly advertise?: (port: number) => Promise<number>;
}

interface Node {
  readonly id: number;
  readonly port: number;
  readonly advertisedPort: number;
  readonly internalPort: number;
  readonly controllerPort: number;
  readonly dir: string;
  child: ChildProcess | null;
}

/** Ports that were free a moment ago, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address ? address.port : 0;
  });
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

function properties(node: Node, nodes: readonly Node[], more: ClusterOptions['properties'] = {}): string {
  const voters = nodes.map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`).join(',');
  const replicas = Math.min(nodes.length, 3);
  return `process.roles=broker,controller
node.id=${node.id}
controller.quorum.voters=${voters}
listeners=CLIENT://127.0.0.1:${node.port},INTERNAL://127.0.0.1:${node.internalPort},CONTROLLER://127.0.0.1:${node.controllerPort}
advertised.listeners=CLIENT://127.0.0.1:${node.advertisedPort},INTERNAL://127.0.0.1:${node.internalPort}
controller.listener.names=CONTROLLER
inter.broker.listener.name=INTERNAL
listener.security.protocol.map=CONTROLLER:PLAINTEXT,INTERNAL:PLAINTEXT,CLIENT:PLAINTEXT
log.dirs=${node.dir}/data
default.replication.factor=${replicas}
min.insync.replicas=${Math.min(replicas, 2)}
offsets.topic.num.partitions=4
offsets.topic.replication.factor=${replicas}
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor=${replicas}
transaction.state.log.min.isr=${Math.min(replicas, 2)}
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
log.retention.check.interval.ms=500
log.initial.task.delay.ms=500
log.cleaner.backoff.ms=500
log.segment.delete.delay.ms=500
${Object.entries(more)
  .map(([name, value]) => `${name}=${value}\n`)
  .join('')}`;
}

async function startNode(node: Node, libs: string): Promise<void> {
  const log = openSync(join(node.dir, 'broker.log'), 'a');
  const options = ['-Xms192m', '-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', `${libs}/*`];
  node.child = spawn('java', [...options, 'kafka.Kafka', join(node.dir, 'server.properties')], {
    stdio: ['ignore', log, log],
  });
  await once(node.child, 'spawn');
}

/** A broker that the cluster counts in may yet have to open the listener for clients. */
async function untilListening({ port }: Node): Promise<void> {
  for (const untilMs = Date.now() + 20_000; ; await sleep(20)) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    if (Date.now() > untilMs) throw new Error(`the broker on port ${port} takes no clients`);
  }
}

async function endNode(node: Node, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const child = node.child;
  node.child = null;
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  const lastResort = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await exited;
  clearTimeout(lastResort);
}

/** Starts `nodes` broker processes on free loopback ports. Throws if Java or the jars cannot be had. */
export async function startProcessCluster(options: ClusterOptions = {}): Promise<ProcessCluster> {
  const count = options.nodes ?? 1;
  const libs = await kafkaJars();
  const root = await mkdtemp(join(tmpdir(), 'millrace-kafka-'));
  const { advertise = async (port: number) => port } = options;
  const ports = await freePorts(count * 3);
  const nodes: Node[] = await Promise.all(
    Array.from({ length: count }, async (_, index) => ({
      id: index + 1,
      port: ports[index * 3],
      advertisedPort: await advertise(ports[index * 3]),
      internalPort: ports[index * 3 + 1],
      controllerPort: ports[index * 3 + 2],
      dir: join(root, String(index + 1)),
      child: null,
    })),
  );
  const brokers = nodes.map(({ advertisedPort }) => `127.0.0.1:${advertisedPort}`);
  const direct = nodes.map(({ internalPort }) => `127.0.0.1:${internalPort}`);
  const stop = async () => {
    await Promise.all(nodes.map((node) => endNode(node, 'SIGKILL')));
    await rm(root, { recursive: true, force: true });
  };
  // Children outlive a parent that dies of an exception: take them along.
  process.once('exit', () => {
    for (const { child } of nodes) child?.kill('SIGKILL');
  });
  try {
    await Promise.all(
      nodes.map(async (node) => {
        const file = join(node.dir, 'server.properties');
        await mkdir(node.dir, { recursive: true });
        await writeFile(file, properties(node, nodes, options.properties));
        const format = [
          '-Xmx128m',
          '-cp',
          `${libs}/*`,
          'kafka.tools.StorageTool',
          'format',
          '-t',
          clusterId,
          '-c',
          file,
          ...(options.format ?? []),
        ];
        await promisify(execFile)('java', format);
        await startNode(node, libs);
      }),
    );
    await brokersReady(direct, count, 60_000);
    await Promise.all(nodes.map(untilListening));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    brokers,
    direct,
    get pids() {
      return nodes.flatMap(({ child }) => child?.pid ?? []);
    },
    kill: (node) => endNode(nodes[node], 'SIGKILL'),
    shutDown: (node) => endNode(nodes[node], 'SIGTERM'),
    restart: async (node) => {
      await startNode(nodes[node], libs);
      await brokersReady([direct[node]], nodes.filter(({ child }) => child).length, 60_000);
      await untilListening(nodes[node]);
    },
    stop,
  };
}
