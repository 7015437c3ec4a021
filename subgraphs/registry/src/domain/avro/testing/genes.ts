/** A source of choices that a test can shrink: numbers from a list that fast-check made, over and over. */
export interface Genes {
  /** A whole number from 0 to below the bound. */
  below(bound: number): number;
  /** True so many times out of a hundred. */
  chance(percent: number): boolean;
  pick<T>(items: readonly [T, ...T[]]): T;
}

/** Turns a list of numbers into choices. */
export function createGenes(numbers: readonly number[]): Genes {
  let at = 0;
  function below(bound: number): number {
    const number = numbers[at % numbers.length] ?? 0;
    // A second round must not repeat the choices of the first.
    const shift = Math.floor(at / Math.max(numbers.length, 1)) * 7;
    at += 1;
    return (number + shift) % bound;
  }
  return {
    below,
    chance: (percent) => below(100) >= 100 - percent,
    pick: (items) => items[below(items.length)] ?? items[0],
  };
}
