/**
 * Where a route stands. `resnapshot_required`: its slot is gone, the tables are copied again, by itself or after an apply.
 * `held` waits for an answer of policy or ledger; the two `_down` wait for the world; `paused` for whoever paused it.
 */
export const routeStates = [
  'starting',
  'snapshotting',
  'streaming',
  'held',
  'source_down',
  'sink_down',
  'denied',
  'resnapshot_required',
  'paused',
  'stopped',
  'failed',
] as const;
export type RouteState = (typeof routeStates)[number];

/** Where one table of a route stands. */
export const tableStates = [
  'pending',
  'snapshotting',
  'streaming',
  'denied',
  'cut_off',
  'stopped',
  'diverged',
] as const;
export type TableState = (typeof tableStates)[number];

/** Tables in these states wait for `spine apply`, which copies them again in full. */
export function needsApply(state: TableState): boolean {
  return state === 'cut_off' || state === 'stopped';
}

/** Tables that `spine apply` copies again: those that wait for it, and those whose rows no longer equal the source's. */
export function copiedOnApply(state: TableState): boolean {
  return needsApply(state) || state === 'diverged';
}
