import { isDeepStrictEqual } from 'node:util';
import { median, percentile } from '../cdc/percentiles.ts';
import { type ContenderName, contenderNames, startContenders } from '../graph/contenders.ts';
import { withGatewayDatabase } from '../graph/gateway-database.ts';
import type { GatewayProcess } from '../graph/gateway-process.ts';
import { answerOf, load, type Scenario } from './load.ts';

const scenarios: readonly Scenario[] = [
  {
    name: 'join',
    query: `query Join($first: Int!, $tag: String) { datasets(first: $first, tag: $tag) {
      namespace name rows subject { name latest { id semver } } routes { name state lagSeconds } residency { region verdict }
    } }`,
  },
  {
    name: 'one',
    query: `query One($first: Int!, $tag: String) { datasets(first: $first, tag: $tag) { name rows owner } }`,
  },
];

interface Sample {
  readonly cpuMs: number;
  readonly rps: number;
  readonly latenciesMs: readonly number[];
  readonly rssMb: number;
}

/** CPU per request, rate, latency and memory of each gateway over the same subgraphs; rounds interleaved, medians reported. */
export async function runGatewayBench(quick: boolean): Promise<object> {
  const rounds = quick ? 1 : 3;
  return await withGatewayDatabase(async (env) => {
    const contenders = await startContenders(env);
    try {
      await compareAnswers((name) => contenders.start(name));
      const samples = new Map<string, Sample[]>();
      for (let round = 0; round < rounds; round++) {
        for (const name of contenderNames) {
          const gateway = await contenders.start(name);
          for (const scenario of scenarios) {
            const sample = await measure(gateway, scenario, quick ? 2 : 4);
            const key = `${scenario.name} ${name}`;
            samples.set(key, [...(samples.get(key) ?? []), sample]);
            console.error(
              `${key}: ${sample.cpuMs.toFixed(2)} ms of CPU a request, ${sample.rps.toFixed(0)}/s`,
            );
          }
          await gateway.stop();
        }
      }
      return {
        bench: 'gateway',
        rounds,
        ...Object.fromEntries(scenarios.map((s) => [s.name, report(s, samples)])),
      };
    } finally {
      await contenders.close();
    }
  });
}

async function compareAnswers(start: (name: ContenderName) => Promise<GatewayProcess>): Promise<void> {
  const answers: { readonly name: string; readonly data: readonly unknown[] }[] = [];
  for (const name of contenderNames) {
    const gateway = await start(name);
    answers.push({ name, data: await Promise.all(scenarios.map((scenario) => answerOf(gateway, scenario))) });
    await gateway.stop();
  }
  const [first] = answers;
  for (const { name, data } of answers) {
    if (!isDeepStrictEqual(first?.data, data))
      throw new Error(`${name} answers differently from ${first?.name}`);
  }
  console.error(`the answers of ${answers.map(({ name }) => name).join(', ')} are equal`);
}

async function measure(gateway: GatewayProcess, scenario: Scenario, seconds: number): Promise<Sample> {
  await load(gateway, scenario, seconds / 2);
  const before = await gateway.usage();
  const { requests, seconds: took, latenciesMs } = await load(gateway, scenario, seconds);
  const after = await gateway.usage();
  return {
    cpuMs: (after.cpuMs - before.cpuMs) / requests,
    rps: requests / took,
    latenciesMs,
    rssMb: after.rssMb,
  };
}

function report({ name }: Scenario, samples: ReadonlyMap<string, readonly Sample[]>): object {
  const of = (value: (sample: Sample) => number, digits: number) =>
    Object.fromEntries(
      contenderNames.map((contender) => [
        contender,
        Number(median((samples.get(`${name} ${contender}`) ?? []).map(value)).toFixed(digits)),
      ]),
    );
  const cpuMs: Record<string, number> = of((sample) => sample.cpuMs, 3);
  const against = (peer: ContenderName) =>
    Object.fromEntries(
      (['own_http', 'own_local'] as const).map((own) => [
        own,
        Number(((cpuMs[peer] ?? Number.NaN) / (cpuMs[own] ?? Number.NaN)).toFixed(2)),
      ]),
    );
  return {
    cpu_ms: cpuMs,
    less_cpu_than: {
      apollo: against('apollo'),
      hive_rust: against('hive_rust'),
      hive_js: against('hive_js'),
    },
    rps: of((sample) => sample.rps, 0),
    p50_ms: of((sample) => percentile(sample.latenciesMs, 0.5), 1),
    p99_ms: of((sample) => percentile(sample.latenciesMs, 0.99), 1),
    rss_mb: of((sample) => sample.rssMb, 0),
  };
}
