import type { Clock } from '@spine/platform/clock';
import type { GraphContext } from '@spine/platform/graphql/context';
import type { Database } from '@spine/platform/postgres/create-database';
import type { Stream } from '@spine/platform/stream/create-stream';
import type { LagSample, RouteEvent } from '../../domain/route-event.ts';
import type { CdcTables } from '../../store/cdc-tables.ts';
import type { Scanner } from '../../usecases/scan-endpoints.ts';

/** What the resolvers of cdc find in their context. */
export interface CdcContext extends GraphContext {
  readonly database: Database<CdcTables>;
  readonly clock: Clock;
  readonly scanner: Scanner;
  readonly streams: CdcStreams;
}

export interface CdcStreams {
  readonly routeEvents: Stream<RouteEvent>;
  readonly routeLag: Stream<LagSample>;
}
