import type { RouteTable, RouteTableChange } from '../store/route-tables.ts';

/** What a route remembers between starts, in the worker's own store. */
export interface RouteMemory {
  tables(): Promise<readonly RouteTable[]>;
  saveTable(schema: string, table: string, change: RouteTableChange): Promise<void>;
  keepTables(kept: readonly { readonly schema: string; readonly table: string }[]): Promise<void>;
  /** True when the route must forget its checkpoint: its slot was given up on purpose. */
  startsAnew(): Promise<boolean>;
  setStartsAnew(value: boolean): Promise<void>;
}
