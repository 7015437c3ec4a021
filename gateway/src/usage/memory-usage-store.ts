import type { UsageStore } from './usage-store.ts';

/** Keeps counts as long as the process lives. */
export function createMemoryUsageStore(): UsageStore {
  const days = new Map<string, Map<string, number>>();
  return {
    async add(day, counts) {
      const fields = days.get(day) ?? new Map<string, number>();
      days.set(day, fields);
      for (const { type, field, count } of counts) {
        const coordinate = `${type}.${field}`;
        fields.set(coordinate, (fields.get(coordinate) ?? 0) + count);
      }
    },
    async since(day) {
      const within = [...days].filter(([each]) => each >= day).sort(([a], [b]) => (a < b ? -1 : 1));
      const totals = new Map<string, number>();
      for (const [, fields] of within) {
        for (const [coordinate, count] of fields) {
          totals.set(coordinate, (totals.get(coordinate) ?? 0) + count);
        }
      }
      return { from: within[0]?.[0] ?? null, fields: Object.fromEntries([...totals].sort()) };
    },
    async cut(before) {
      for (const day of [...days.keys()]) if (day < before) days.delete(day);
    },
  };
}
