import { z } from 'zod';
import type { SpineClient } from './spine-client.ts';

const table = z.object({
  schema: z.string(),
  table: z.string(),
  state: z.string(),
  reason: z.string().nullable(),
  rowsCopied: z.number(),
  rowsEstimated: z.number().nullable(),
});
const route = z.object({
  name: z.string(),
  source: z.string(),
  sink: z.string(),
  state: z.string(),
  stateReason: z.string().nullable(),
  worker: z.string().nullable(),
  rowsApplied: z.number(),
  checkpoint: z.object({ position: z.string(), at: z.string() }).nullable(),
  lag: z
    .object({
      seconds: z.number(),
      p50Seconds: z.number(),
      p95Seconds: z.number(),
      p99Seconds: z.number(),
      bytes: z.number(),
    })
    .nullable(),
  tables: z.array(table),
});

/** A route as `spine status` shows it. */
export type RouteStatus = z.infer<typeof route>;

const answer = z.object({ routes: z.array(route) });

/** Asks cdc where its routes stand. */
export async function readRouteStatus(client: SpineClient): Promise<readonly RouteStatus[]> {
  return answer.parse(await client.get('cdc', '/internal/status')).routes;
}
