/** Lag of one route over the last minutes: from commit at the source to commit at the sink, one sample a transaction. */
export interface LagWindow {
  record(lagMs: number, atMs: number): void;
  /** Percentiles in seconds; zeros while nothing was delivered within the window. */
  percentiles(nowMs: number): { readonly p50: number; readonly p95: number; readonly p99: number };
  /** Lag of the newest delivery, in seconds. */
  latest(): number;
}

/** A ring of the newest samples; old ones fall out by age or by number. */
export function createLagWindow(options: { readonly size: number; readonly maxAgeMs: number }): LagWindow {
  const lags = new Float64Array(options.size);
  const times = new Float64Array(options.size);
  let count = 0;
  let latest = 0;

  return {
    record(lagMs, atMs) {
      latest = Math.max(0, lagMs) / 1000;
      lags[count % options.size] = latest;
      times[count % options.size] = atMs;
      count++;
    },
    percentiles(nowMs) {
      const held = Math.min(count, options.size);
      const fresh = lags.slice(0, held).filter((_, index) => nowMs - (times[index] ?? 0) <= options.maxAgeMs);
      fresh.sort();
      const at = (share: number) => fresh[Math.min(fresh.length - 1, Math.floor(fresh.length * share))] ?? 0;
      return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
    },
    latest: () => latest,
  };
}
