import { canonicalJson, sha256Hex } from '@spine/kernel/canonical-json';
import { formatLsn, type Lsn } from '@spine/kernel/lsn';

/**
 * The identity of a batch: the same run of transactions of a route has the same id, whoever forms it. 64 hex digits.
 */
export function batchId(batch: {
  readonly route: string;
  readonly sink: string;
  readonly systemId: string;
  readonly start: Lsn;
  readonly end: Lsn;
}): string {
  const { route, sink, systemId, start, end } = batch;
  return sha256Hex(canonicalJson(['batch', route, sink, systemId, formatLsn(start), formatLsn(end)]));
}

/** The identity of one table's first copy: `table` is `schema.table`, `start` the snapshot's consistent point. */
export function snapshotBatchId(snapshot: {
  readonly route: string;
  readonly sink: string;
  readonly systemId: string;
  readonly table: string;
  readonly start: Lsn;
}): string {
  const { route, sink, systemId, table, start } = snapshot;
  return sha256Hex(canonicalJson(['snapshot', route, sink, systemId, table, formatLsn(start)]));
}

/**
 * The identity of one delivery of dead letters: those of a request that go into one sink transaction under one matrix. `places`
 * name them.
 */
export function replayBatchId(replay: {
  readonly route: string;
  readonly sink: string;
  readonly systemId: string;
  readonly request: bigint;
  readonly matrixDigest: string;
  readonly places: readonly string[];
}): string {
  const { route, sink, systemId, request, matrixDigest, places } = replay;
  return sha256Hex(canonicalJson(['replay', route, sink, systemId, String(request), matrixDigest, places]));
}
