import type { Drift } from '../domain/incident.ts';
import type { RouteTable, RouteTableChange } from '../store/route-tables.ts';

/** What a route remembers between starts, in the worker's own store. */
export interface RouteMemory {
  tables(): Promise<readonly RouteTable[]>;
  saveTable(schema: string, table: string, change: RouteTableChange): Promise<void>;
  keepTables(kept: readonly { readonly schema: string; readonly table: string }[]): Promise<void>;
  /** A table broke its contract: opens its incident, or tells the open one anew. */
  openIncident(drift: Drift): Promise<void>;
  /** Its contract is kept: closes the incident if one is open. */
  resolveIncident(schema: string, table: string): Promise<void>;
  /** True when the route must forget its checkpoint: its slot was given up on purpose. */
  startsAnew(): Promise<boolean>;
  setStartsAnew(value: boolean): Promise<void>;
}
