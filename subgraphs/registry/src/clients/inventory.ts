import { Problem } from '@spine/kernel/problem';
import { type CompiledPolicy, compilePolicy } from '@spine/kernel/residency/compile-policy';
import type { Clock } from '@spine/platform/clock';
import type { ServiceClient } from '@spine/platform/http/service-client';
import { z } from 'zod';
import type { InventoryDemand } from '../domain/inventory-demand.ts';

/** What the registry asks of the inventory. */
export interface Inventory {
  /**
   * What it demands of the schema of that dataset, named as in `spine.yaml`: `shop.public.orders`. Undefined where it knows
   * nothing of it. Throws SERVICE_UNAVAILABLE or TIMEOUT where nobody can say.
   */
  demandOf(dataset: string): Promise<InventoryDemand | undefined>;
}

/** How long an answer is taken without asking whether it still holds. */
const freshMs = 5_000;

const bundleShape = z.object({ maxAgeMs: z.number(), document: z.unknown() });

interface Held {
  readonly policy: CompiledPolicy;
  readonly etag: string;
  readonly maxAgeMs: number;
  readonly confirmedAt: number;
}

/**
 * The inventory of the active matrix, from governance (docs/internal-contracts.md). While governance is away, what it said last
 * holds as long as it does for a worker; then a publish that has to ask is refused until it is back.
 */
export function createInventory(http: ServiceClient, clock: Pick<Clock, 'now'>): Inventory {
  let held: Held | undefined;

  async function policy(): Promise<CompiledPolicy | undefined> {
    const now = clock.now().getTime();
    if (held !== undefined && now - held.confirmedAt < freshMs) return held.policy;
    try {
      const answer = await http.call('GET', '/internal/bundle', undefined, {
        headers: held === undefined ? {} : { 'if-none-match': held.etag },
      });
      if (answer.status === 304 && held !== undefined) {
        held = { ...held, confirmedAt: now };
      } else {
        const { document, maxAgeMs } = bundleShape.parse(answer.body);
        const etag = z.string().parse(answer.headers['etag']);
        held = { policy: compilePolicy(document), etag, maxAgeMs, confirmedAt: now };
      }
    } catch (error) {
      // No matrix is active: nothing is demanded yet.
      if (error instanceof Problem && error.code === 'NOT_FOUND') {
        held = undefined;
        return undefined;
      }
      if (held === undefined || now - held.confirmedAt >= held.maxAgeMs) throw error;
    }
    return held.policy;
  }

  return {
    async demandOf(dataset) {
      const classified = (await policy())?.inventory.classify(dataset);
      if (classified === undefined || classified.dataClass === null) return undefined;
      const { dataClass, fields: tags, retention } = classified;
      return { dataClass, tags, ...(retention !== undefined && { retention }) };
    },
  };
}
