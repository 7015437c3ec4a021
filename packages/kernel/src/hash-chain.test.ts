import { expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import { type ChainedEntry, chainHash, createChainCheck, genesisHash } from './hash-chain.ts';

function chainOf(entries: readonly unknown[]): readonly ChainedEntry[] {
  let prevHash = genesisHash;
  return entries.map((entry, index) => {
    const hash = chainHash(prevHash, canonicalJson(entry));
    const chained = { seq: BigInt(index + 1), prevHash, hash, entry };
    prevHash = hash;
    return chained;
  });
}
const chain = chainOf([{ a: 1 }, { b: 2 }, { c: 3 }, { d: 4 }]);

function firstFault(entries: readonly ChainedEntry[]): string | null {
  const check = createChainCheck();
  for (const entry of entries) {
    const fault = check.next(entry);
    if (fault !== null) return fault;
  }
  return null;
}
const changed = (index: number, change: Partial<ChainedEntry>) =>
  chain.map((entry, at) => (at === index ? { ...entry, ...change } : entry));

test('a whole chain holds, and so does a part of it', () => {
  expect(firstFault(chain)).toBeNull();
  expect(firstFault(chain.slice(2))).toBeNull();
});

test.each<[string, readonly ChainedEntry[], RegExp]>([
  ['a changed entry', changed(1, { entry: { b: 3 } }), /entry 2 is not what its hash says/],
  [
    'a changed entry with a hash to fit',
    changed(1, { entry: { b: 3 }, hash: chainHash(chain[0]?.hash ?? '', '{"b":3}') }),
    /entry 3 does not follow/,
  ],
  ['a missing entry', chain.filter((_, at) => at !== 1), /missing/],
  ['two in the wrong order', [...chain.slice(0, 1), ...chain.slice(2, 3), ...chain.slice(1, 2)], /missing/],
  [
    'a first entry that follows something',
    changed(0, { prevHash: 'f'.repeat(64) }),
    /entry 1 does not follow/,
  ],
])('%s is found', (_, entries, fault) => {
  expect(firstFault(entries)).toMatch(fault);
});

test('the head is the last entry that was right', () => {
  const check = createChainCheck();
  for (const entry of chain) check.next(entry);
  check.next({ seq: 5n, prevHash: 'x', hash: 'y', entry: {} });
  expect(check.head()).toEqual({ seq: 4n, hash: chain[3]?.hash });
});
