import type { RouteState, TableState } from './route-state.ts';

/** What the stream `routeEvents` tells. */
export type RouteEvent =
  | {
      readonly kind: 'route_state';
      readonly route: string;
      readonly state: RouteState;
      readonly reason: string | null;
    }
  | {
      readonly kind: 'table_state';
      readonly route: string;
      readonly schema: string;
      readonly table: string;
      readonly state: TableState;
      readonly reason: string | null;
    }
  | {
      readonly kind: 'incident_opened' | 'incident_resolved';
      readonly route: string;
      readonly incident: number;
    };

/** How far a route was behind at a moment; told whenever it has changed, at most once a second. */
export interface LagSample {
  readonly route: string;
  readonly seconds: number;
  readonly p50Seconds: number;
  readonly p95Seconds: number;
  readonly p99Seconds: number;
  readonly bytes: number;
  readonly at: string;
}
