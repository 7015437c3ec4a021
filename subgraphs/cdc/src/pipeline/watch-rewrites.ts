import { isInsertOnly, tableKey } from '../domain/relation.ts';
import type { OpenTable } from './admit-tables.ts';
import type { RouteContext } from './route-context.ts';

/** How often the statistics of the source are asked. */
const lookMs = 10_000;

export interface RewriteWatch {
  /** Looks when it is time. A source that does not answer now is asked again later. */
  look(): Promise<void>;
}

/**
 * Tables without a key are delivered by inserts only. When their rows are updated or deleted at the source all the same, the
 * sink no longer equals it: the table is marked `diverged`, streams on, and `spine apply` copies it again.
 */
export function watchRewrites(context: RouteContext, tables: readonly OpenTable[]): RewriteWatch {
  const watched = new Map(
    tables
      .filter((table) => isInsertOnly(table.relation))
      .map((table) => [table.relation.oid, table.relation]),
  );
  let baseline: ReadonlyMap<number, bigint> | null = null;
  let lookedAt = Number.NEGATIVE_INFINITY;

  return {
    async look() {
      const now = context.clock.now().getTime();
      if (watched.size === 0 || now - lookedAt < lookMs) return;
      lookedAt = now;
      const counts = await context.source.countRewrites([...watched.values()]).catch((error: unknown) => {
        context.log.warn({ event: 'rewrites.not_counted', err: error });
        return null;
      });
      if (counts === null) return;
      const before = baseline;
      baseline ??= counts;
      for (const [oid, relation] of watched) {
        if ((counts.get(oid) ?? 0n) <= (before?.get(oid) ?? counts.get(oid) ?? 0n)) continue;
        watched.delete(oid);
        await context.memory.saveTable(relation.schema, relation.table, {
          state: 'diverged',
          reason:
            'rows without a key were updated or deleted at the source; only inserts and truncates are delivered',
        });
        context.log.error({
          event: 'table.diverged',
          table: tableKey(relation),
          fix: 'Give it a primary key (or a replica identity index), then `spine apply` copies it again.',
        });
      }
    },
  };
}
