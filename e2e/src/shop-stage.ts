import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createShop } from '@spine/example-shop/create-shop';
import { runWorkload } from '@spine/example-shop/run-workload';
import { type Stage, startCompose, startUp } from './stage.ts';

/** The shop of the examples with its load and its routes. */
export interface ShopStage extends Stage {
  /** Its spine.yaml, in the words of this stage. */
  readonly spec: string;
  /** When the services were told to start; building them first is not theirs. */
  readonly startedAt: number;
}

const example = readFileSync(fileURLToPath(import.meta.resolve('@spine/example-shop/spine.yaml')), 'utf8');

/** The ways to start it, each under its name: a story is told over all of them. */
export const shopStages = [
  ['spine up', startShopUp],
  ['every service in its own process', startShopCompose],
] as const;

async function startShopUp(): Promise<ShopStage> {
  const startedAt = Date.now();
  const nothing = { databases: [], prepare: () => Promise.resolve() };
  return { ...(await startUp(nothing, '--example', 'shop')), spec: example, startedAt };
}

async function startShopCompose(): Promise<ShopStage> {
  const stage = await startCompose({
    databases: ['shop', 'warehouse', 'us_lake', 'ad_partner'],
    prepare: async (urlOf) => void (await createShop(urlOf('shop'))),
  });
  const startedAt = Date.now();
  const spec = withoutEmbedded(example);
  const workload = runWorkload({ url: stage.urlOf('shop'), perSecond: 20 });
  await stage.apply(spec);
  return {
    ...stage,
    spec,
    startedAt,
    async stop() {
      await workload.stop();
      await stage.stop();
    },
  };
}

/** Databases by the names of their URLs, as a topology without an embedded Postgres knows them. */
export function withoutEmbedded(spec: string): string {
  return spec.replaceAll(/embedded:(\w+)/g, (_, name: string) => `env:${name.toUpperCase()}_URL`);
}
