import { runCdcBench } from './cdc/run-cdc-bench.ts';
import { runChaosBench } from './chaos/run-chaos-bench.ts';
import { runGatewayBench } from './gateway/run-gateway-bench.ts';
import { runRegistryBench } from './registry/run-registry-bench.ts';
import { runSubscriptionsBench } from './subscriptions/run-subscriptions-bench.ts';

const benches: Readonly<Record<string, (quick: boolean) => Promise<object>>> = {
  cdc: runCdcBench,
  chaos: runChaosBench,
  gateway: runGatewayBench,
  registry: runRegistryBench,
  subscriptions: runSubscriptionsBench,
};

// `npm run bench -- NAME [--quick]`: progress on stderr, one JSON object on the last line of stdout.
const [name = '', ...flags] = process.argv.slice(2);
const bench = benches[name];
if (bench === undefined) {
  console.error(`usage: npm run bench -- NAME [--quick]; benches: ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}
console.log(JSON.stringify(await bench(flags.includes('--quick'))));
process.exit(0);
