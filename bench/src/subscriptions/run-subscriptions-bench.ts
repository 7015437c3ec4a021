import { median } from '../cdc/percentiles.ts';
import { answerOf } from '../gateway/load.ts';
import { startContenders } from '../graph/contenders.ts';
import { withGatewayDatabase } from '../graph/gateway-database.ts';
import { fanOut } from './fan-out.ts';

const names = ['own_http', 'own_local', 'hive_js', 'hive_rust'] as const;
const sizes = [
  { clients: 20, events: 300 },
  { clients: 100, events: 150 },
] as const;
const warmUp = { name: 'warm up', query: 'query($first: Int!) { datasets(first: $first) { name } }' };

/** Deliveries per second of one stream to many clients, ours against Hive Gateway's; rounds interleaved, medians reported. */
export async function runSubscriptionsBench(quick: boolean): Promise<object> {
  const rounds = quick ? 1 : 3;
  return await withGatewayDatabase(async (env) => {
    const contenders = await startContenders(env);
    const rates = new Map<string, number[]>();
    try {
      for (let round = 0; round < rounds; round++) {
        for (const name of names) {
          const gateway = await contenders.start(name);
          // Hive answers sockets only after it was asked over HTTP once.
          await answerOf(gateway, warmUp);
          const publish = name === 'own_local' ? gateway.publish : contenders.publish;
          for (const size of sizes) {
            const rate = await fanOut(gateway, { ...size, publish });
            const key = `${name} ${size.clients}`;
            rates.set(key, [...(rates.get(key) ?? []), rate]);
            console.error(`${name}, ${size.clients} clients: ${Math.round(rate)} deliveries/s`);
          }
          await gateway.stop();
        }
      }
    } finally {
      await contenders.close();
    }
    const report = (clients: number) => {
      const of = (name: string) => Math.round(median(rates.get(`${name} ${clients}`) ?? []));
      const [own, ownLocal, hiveJs, hiveRust] = names.map(of);
      return {
        own,
        own_local: ownLocal,
        hive_js: hiveJs,
        hive_rust: hiveRust,
        ratio: Number(((own ?? 0) / (hiveRust ?? 1)).toFixed(2)),
      };
    };
    return {
      bench: 'subscriptions',
      rounds,
      clients: 100,
      deliveries_s: report(100),
      clients_20: { deliveries_s: report(20) },
    };
  });
}
