/** What is known of pairs of things, by identity. */
export interface PairTable<Thing, Known> {
  get(one: Thing, other: Thing): Known | undefined;
  set(one: Thing, other: Thing, known: Known): void;
}

export function createPairTable<Thing, Known>(): PairTable<Thing, Known> {
  const rows = new Map<Thing, Map<Thing, Known>>();
  return {
    get: (one, other) => rows.get(one)?.get(other),
    set(one, other, known) {
      const row = rows.get(one) ?? new Map<Thing, Known>();
      rows.set(one, row);
      row.set(other, known);
    },
  };
}
