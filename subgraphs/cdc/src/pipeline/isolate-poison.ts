import type { Change } from '../domain/change.ts';
import { groupByKey } from '../domain/dead-letter-groups.ts';
import type { Relation } from '../domain/relation.ts';

/** Tries changes at the sink and takes them back. Answers the SQLSTATE of a refusal, or null when the sink would take them. */
export type Probe = (changes: readonly Change[]) => Promise<string | null>;

/** The changes that the sink refuses, each with its SQLSTATE; or why they cannot be told apart. */
export type Isolated =
  | { readonly refused: ReadonlyMap<Change, string> }
  | { readonly hopeless: 'too_many' | 'not_by_row' };

/**
 * Finds by bisection over keys which of a table's changes the sink refuses, the first one of each key. Parts are tried `alone`,
 * which is quick; a key that fails alone is tried once more `beside` everything that passed, for it may need the rows of others.
 * Where nothing fails alone (two rows that are only wrong together) the parts are tried in company from the start.
 */
export async function isolatePoison(
  relation: Relation,
  changes: readonly Change[],
  { alone, beside, maxKeys }: { readonly alone: Probe; readonly beside: Probe; readonly maxKeys: number },
): Promise<Isolated> {
  const groups = groupByKey(relation, changes);
  const suspects = await bisect(groups, alone, maxKeys);
  if (suspects === 'too_many') return { hopeless: 'too_many' };
  const suspected = new Set(suspects);
  const passed = groups.filter((group) => !suspected.has(group)).flat();
  const confirmed = await inCompany(passed, suspects, beside, maxKeys);
  if (confirmed === 'too_many') return { hopeless: 'too_many' };
  if (confirmed.length > 0) return { refused: await firstRefusals(confirmed) };
  const together = await inCompany([], groups, beside, maxKeys);
  if (together === 'too_many') return { hopeless: 'too_many' };
  return together.length === 0 ? { hopeless: 'not_by_row' } : { refused: await firstRefusals(together) };
}

type Group = readonly Change[];
/** A group that failed, and how it is tried. */
interface Failed {
  readonly group: Group;
  readonly probe: Probe;
}

async function bisect(groups: readonly Group[], probe: Probe, max: number): Promise<Group[] | 'too_many'> {
  const found: Group[] = [];
  const waiting: (readonly Group[])[] = groups.length === 0 ? [] : [groups];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    if ((await probe(part.flat())) === null) continue;
    if (part.length > 1) {
      const half = part.length >> 1;
      waiting.push(part.slice(half), part.slice(0, half));
      continue;
    }
    found.push(...part);
    if (found.length > max) return 'too_many';
  }
  return found;
}

/** Like `bisect`, with whatever passed before each part applied beside it. */
async function inCompany(
  passed: Group,
  groups: readonly Group[],
  beside: Probe,
  max: number,
): Promise<readonly Failed[] | 'too_many'> {
  const good: Change[] = [...passed];
  const found: Failed[] = [];
  const waiting: (readonly Group[])[] = groups.length === 0 ? [] : [groups];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    const company = [...good];
    const probe: Probe = (changes) => beside([...company, ...changes]);
    if ((await probe(part.flat())) === null) {
      for (const change of part.flat()) good.push(change);
    } else if (part.length > 1) {
      const half = part.length >> 1;
      waiting.push(part.slice(half), part.slice(0, half));
    } else {
      for (const group of part) found.push({ group, probe });
      if (found.length > max) return 'too_many';
    }
  }
  return found;
}

/** The change at which each group turns from taken to refused. */
async function firstRefusals(failed: readonly Failed[]): Promise<ReadonlyMap<Change, string>> {
  const refused = new Map<Change, string>();
  for (const { group, probe } of failed) {
    let taken = 0;
    let refusedAt = group.length;
    let sqlState = (await probe(group)) ?? '';
    while (refusedAt - taken > 1) {
      const middle = (taken + refusedAt) >> 1;
      const answer = await probe(group.slice(0, middle));
      if (answer === null) taken = middle;
      else [refusedAt, sqlState] = [middle, answer];
    }
    const change = group[refusedAt - 1];
    if (change !== undefined) refused.set(change, sqlState);
  }
  return refused;
}
