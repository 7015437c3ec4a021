import type { GraphContext } from '@spine/platform/graphql/context';
import type { Database } from '@spine/platform/postgres/create-database';
import type { Stream } from '@spine/platform/stream/create-stream';
import type { GraphChange } from '../../domain/graph-change.ts';
import type { LineageTables } from '../../store/lineage-tables.ts';

/** What the resolvers of lineage find in their context. */
export interface LineageContext extends GraphContext {
  readonly database: Database<LineageTables>;
  readonly changes: Stream<GraphChange>;
}
