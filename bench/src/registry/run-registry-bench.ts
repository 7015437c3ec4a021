import { startPostgres } from '@spine/testkit/start-postgres';
import { median, percentile } from '../cdc/percentiles.ts';
import { candidateText, subjectName } from './customer-schemas.ts';
import { openConnection, type RequestBytes, requestBytes } from './http-connection.ts';
import { type LoadOptions, type LoadResult, loadClients } from './load-clients.ts';
import { type RegistryProcess, startRegistry } from './registry-process.ts';
import { publishRequest, type SeededVersion, seedVersions } from './seed-versions.ts';

const clients = 50;
const versionsEach = 10;
/** Publishes a second of all clients together: eight times what Confluent Cloud lets a registry take. */
const publishPace = 200;

/**
 * Reads, checks and publishes at 50 clients over a registry that stores 10,000 versions, each published over REST; the
 * registry in one process, Postgres with fsync beside it, the clients in this one. Rounds interleaved, medians reported.
 * Readers and checkers ask again at once; publishers at a pace, by which the latency of a publish is told, and at once, too.
 */
export async function runRegistryBench(quick: boolean): Promise<object> {
  const subjects = quick ? 100 : 1_000;
  const [rounds, seconds] = quick ? [1, 2] : [3, 4];
  const postgres = await startPostgres({ version: 'embedded', settings: { fsync: true } });
  let registry: RegistryProcess | undefined;
  try {
    registry = await startRegistry(postgres.url);
    const seeded = await seed(registry, subjects);
    const loads = createLoads(registry, seeded, subjects);
    const samples = new Map<string, Sample[]>();
    for (let round = 0; round < rounds; round++) {
      for (const load of loads) {
        const sample = await measure(registry, load, seconds);
        samples.set(load.name, [...(samples.get(load.name) ?? []), sample]);
        console.error(`${load.name}: ${JSON.stringify(figuresOf([sample]))}`);
      }
    }
    const restartMs: number[] = [];
    for (let round = 0; round < rounds; round++) {
      await registry.stop();
      const since = performance.now();
      registry = await startRegistry(postgres.url);
      await readOnce(registry, seeded);
      restartMs.push(performance.now() - since);
    }
    return {
      bench: 'registry',
      versions: seeded.length,
      clients,
      rounds,
      publish_pace_s: publishPace,
      ...Object.fromEntries(loads.map(({ name }) => [name, figuresOf(samples.get(name) ?? [])])),
      restart_ms: Math.round(median(restartMs)),
      published_elsewhere: publishedElsewhere,
    };
  } finally {
    await registry?.stop();
    await postgres.stop();
  }
}

/** What others published of themselves; none of it was measured here, on this machine or with these schemas. */
const publishedElsewhere = {
  source: 'Apicurio issues 9883 and 9887: 2 CPU, 2 GiB, 100 clients, 1,000 schemas, TLS and basic auth proxy',
  read_rps: { redpanda: 7_708, confluent: 6_088, apicurio: 5_692, karapace: 629 },
};

async function seed(registry: RegistryProcess, subjects: number): Promise<readonly SeededVersion[]> {
  const since = performance.now();
  const seeded = await seedVersions(registry, { subjects, versions: versionsEach, clients });
  const seconds = (performance.now() - since) / 1_000;
  console.error(`${seeded.length} versions published in ${seconds.toFixed(1)} s`);
  return seeded;
}

interface Load extends Pick<LoadOptions, 'next' | 'pace'> {
  readonly name: string;
  /** What it asks changes the registry: not asked before it is timed. */
  readonly writes?: boolean;
}

function createLoads(
  { url, headers }: RegistryProcess,
  seeded: readonly SeededVersion[],
  subjects: number,
): readonly Load[] {
  const get = (path: string): RequestBytes => requestBytes('GET', new URL(path, url), headers);
  const byId = seeded.map(({ id }) => get(`/schemas/ids/${id}`));
  const latest = Array.from({ length: subjects }, (_, index) => get(`/schemas/${subjectName(index)}`));
  const compatible = Array.from({ length: subjects }, (_, index) =>
    requestBytes('POST', new URL(`/schemas/${subjectName(index)}/check`, url), headers, {
      schema: candidateText(index, versionsEach),
      schemaType: 'AVRO',
    }),
  );
  // Each client publishes to subjects of its own, one after the other: the next version of each.
  const each = subjects / clients;
  const published = new Array<number>(subjects).fill(versionsEach);
  const publish: Load['next'] = (client, turn) => {
    const subject = client + clients * (turn % each);
    const version = (published[subject] ?? 0) + 1;
    published[subject] = version;
    return { request: publishRequest(url, headers, subject, version), status: 201 };
  };
  return [
    { name: 'read', next: spread(byId) },
    { name: 'read_latest', next: spread(latest) },
    { name: 'check', next: spread(compatible) },
    { name: 'publish', next: publish, writes: true, pace: publishPace },
    { name: 'publish_saturated', next: publish, writes: true },
  ];
}

/** Asks all of them in an order that no client shares with another, so that no cache is warm by luck. */
function spread(all: readonly RequestBytes[]): Load['next'] {
  return (client, turn) => {
    const request = all[(client * 7_919 + turn * 104_729) % all.length];
    if (request === undefined) throw new Error('there is nothing to ask');
    return { request, status: 200 };
  };
}

interface Sample extends LoadResult {
  /** CPU of the registry's process per request. */
  readonly cpuMs: number;
  readonly rssMb: number;
}

async function measure(registry: RegistryProcess, load: Load, seconds: number): Promise<Sample> {
  const options = { ...load, url: registry.url, clients };
  if (!load.writes) await loadClients({ ...options, seconds: seconds / 4 });
  const before = await registry.usage();
  const result = await loadClients({ ...options, seconds });
  const after = await registry.usage();
  return { ...result, cpuMs: (after.cpuMs - before.cpuMs) / result.requests, rssMb: after.rssMb };
}

function figuresOf(samples: readonly Sample[]): object {
  const of = (value: (sample: Sample) => number, digits: number): number =>
    Number(median(samples.map(value)).toFixed(digits));
  return {
    rps: of((sample) => sample.requests / sample.seconds, 0),
    p50_ms: of((sample) => percentile(sample.latenciesMs, 0.5), 2),
    p95_ms: of((sample) => percentile(sample.latenciesMs, 0.95), 2),
    p99_ms: of((sample) => percentile(sample.latenciesMs, 0.99), 2),
    cpu_ms: of((sample) => sample.cpuMs, 3),
    rss_mb: of((sample) => sample.rssMb, 0),
  };
}

/** The first read of a registry that just started: only then is it ready. */
async function readOnce({ url, headers }: RegistryProcess, seeded: readonly SeededVersion[]): Promise<void> {
  const id = seeded.at(0)?.id;
  const connection = await openConnection(url);
  const { status } = await connection.ask(requestBytes('GET', new URL(`/schemas/ids/${id}`, url), headers));
  if (status !== 200) throw new Error(`a registry that was started again answered ${status}`);
  connection.close();
}
