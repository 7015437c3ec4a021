import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseFreePort } from '@spine/platform/embedded/choose-port';
import { fetchKafka } from './kafka-programs.ts';

/** A broker of its own: Apache Kafka in KRaft mode, one node, on loopback. */
export interface TestKafka {
  /** `host:port` for clients. */
  readonly bootstrap: string;
  /** Kills it without a word, as a lost machine would; its data stays. */
  kill9(): Promise<void>;
  /** Starts it again on the same port and data, after `kill9`. */
  restart(): Promise<void>;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

export interface TestKafkaOptions {
  /** Added to server.properties. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Where its data lies, kept when it stops; by default a temporary folder. */
  readonly folder?: string;
  readonly port?: number;
}

const startMs = 60_000;

/** Starts a broker. Ask `whyNoKafka` first. Throws with its last lines when it does not come up. */
export async function startKafka(options: TestKafkaOptions = {}): Promise<TestKafka> {
  const jars = join(fetchKafka(), '*');
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'spine-kafka-')));
  const port = options.port ?? (await chooseFreePort());
  const settings = join(folder, 'server.properties');
  await writeFile(settings, propertiesText(folder, port, await chooseFreePort(), options.settings ?? {}));
  // Formats a folder that has no data yet, and leaves another as it is.
  const format = ['kafka.tools.StorageTool', 'format', '--standalone', '--ignore-formatted', '-t', clusterId];
  const formatted = spawnSync('java', ['-cp', jars, ...format, '-c', settings], { encoding: 'utf8' });
  if (formatted.status !== 0) throw new Error(`Kafka's storage was not formatted:\n${formatted.stderr}`);

  let broker = await runBroker(jars, folder, settings);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (broker.exitCode !== null || broker.signalCode !== null) return;
    const gone = once(broker, 'exit');
    broker.kill(signal);
    await gone;
  };
  return {
    bootstrap: `127.0.0.1:${port}`,
    kill9: () => end('SIGKILL'),
    async restart() {
      await end('SIGTERM');
      broker = await runBroker(jars, folder, settings);
    },
    async stop() {
      await end(options.folder === undefined ? 'SIGKILL' : 'SIGTERM');
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

const clusterId = 'c3BpbmUtdGVzdC1rYWZrYQ';

async function runBroker(jars: string, folder: string, settings: string): Promise<ChildProcess> {
  const heap = ['-Xms256m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  const program = [`-Dkafka.logs.dir=${join(folder, 'logs')}`, '-cp', jars, 'kafka.Kafka', settings];
  const broker = spawn('java', [...heap, ...program], { stdio: ['ignore', 'pipe', 'pipe'] });
  // The broker of a run that was killed must not outlive it.
  const killWithUs = (): void => void broker.kill('SIGKILL');
  process.once('exit', killWithUs);
  broker.once('exit', () => process.off('exit', killWithUs));
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string): void => {
      broker.kill('SIGKILL');
      reject(new Error(`${why}:\n${said.slice(-2_000)}`));
    };
    const timer = setTimeout(() => fail(`Kafka was not ready in ${startMs / 1000} s`), startMs);
    const read = (chunk: Buffer): void => {
      said = (said + String(chunk)).slice(-20_000);
      if (!said.includes('Kafka Server started')) return;
      clearTimeout(timer);
      resolve();
    };
    broker.stdout.on('data', read);
    broker.stderr.on('data', read);
    broker.once('exit', (code) => {
      clearTimeout(timer);
      fail(`Kafka ended with ${code}`);
    });
  });
  return broker;
}

function propertiesText(
  folder: string,
  port: number,
  controller: number,
  added: Readonly<Record<string, string>>,
): string {
  const listeners = `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`;
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.bootstrap.servers': `127.0.0.1:${controller}`,
    listeners,
    'advertised.listeners': listeners,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'log.dirs': join(folder, 'data'),
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    'num.partitions': '4',
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.num.partitions': '4',
    ...added,
  };
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}
