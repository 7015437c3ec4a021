import { canonicalJson } from '@spine/kernel/canonical-json';
import type { SchemaOutline } from '../outline/schema-outline.ts';
import type { PartFacts, PartKind, SchemaPart } from '../outline/schema-part.ts';
import type { ChangeKind, SchemaChange } from './schema-change.ts';

/** A change before anybody knows whom it breaks, with the places by which a breach is traced to it. */
export interface FoundChange extends Omit<SchemaChange, 'breaks' | 'breaches'> {
  /** Where checks may point at it in each text; of a part that one text lacks, the place that would hold it. */
  readonly places: { readonly old: readonly string[]; readonly now: readonly string[] };
}

/** What holds parts: its places, and its name. */
interface Holder {
  readonly old: string;
  readonly now: string;
  readonly name: string;
}

/** What may be stated of a part, in the order in which people are told. */
const facts: readonly [keyof PartFacts, ChangeKind][] = [
  ['number', 'NUMBER_CHANGED'],
  ['type', 'TYPE_CHANGED'],
  ['required', 'REQUIRED_CHANGED'],
  ['default', 'DEFAULT_CHANGED'],
  ['constraints', 'CONSTRAINTS_CHANGED'],
  ['aliases', 'ALIASES_CHANGED'],
  ['options', 'OPTIONS_CHANGED'],
  ['doc', 'DOC_CHANGED'],
];

/** Under what Avro keeps the parts of a part. */
const holders: Partial<Record<PartKind, string>> = { FIELD: '/fields', SYMBOL: '/symbols' };

/** Every difference between two outlines, in the order of the new text; what is gone follows its former siblings. */
export function diffParts(before: SchemaOutline, after: SchemaOutline): readonly FoundChange[] {
  const changes: FoundChange[] = [];

  function diffSiblings(old: readonly SchemaPart[], now: readonly SchemaPart[], at: Holder): void {
    const pairs = pairUp(old, now);
    for (const part of now) {
      const former = pairs.get(part);
      if (former === undefined) {
        changes.push({
          kind: 'ADDED',
          part: part.part,
          name: nameIn(at.name, part),
          path: part.path,
          after: shown(part),
          places: { old: [placeIn(part, at.now, at.old)], now: [part.path] },
        });
      } else diffPart(former, part, at);
    }
    const kept = new Set(pairs.values());
    for (const part of old) {
      if (kept.has(part)) continue;
      changes.push({
        kind: 'REMOVED',
        part: part.part,
        name: nameIn(at.name, part),
        oldPath: part.path,
        before: shown(part),
        places: { old: [part.path], now: [placeIn(part, at.old, at.now)] },
      });
    }
  }

  // As deep as the text nests, which is bounded.
  function diffPart(old: SchemaPart, now: SchemaPart, at: Holder): void {
    const name = nameIn(at.name, now);
    // Of a part with another number each text lacks the one that the other has.
    const places = {
      old: [old.path, placeIn(now, at.now, at.old)],
      now: [now.path, placeIn(old, at.old, at.now)],
    };
    const shared = {
      part: now.part,
      name,
      places: old.key === now.key ? { old: [old.path], now: [now.path] } : places,
    };
    if (old.name !== now.name) {
      const both = { path: now.path, oldPath: old.path, before: old.name, after: now.name };
      changes.push({ ...shared, kind: 'RENAMED', ...both });
    }
    for (const [fact, kind] of facts) {
      const [was, is] = [old.facts[fact], now.facts[fact]];
      if (isEqual(was, is)) continue;
      const oldPath = placeOf(before, old, fact);
      const path = placeOf(after, now, fact);
      changes.push({
        ...shared,
        kind,
        path: is === undefined ? now.path : path,
        oldPath: was === undefined ? old.path : oldPath,
        ...(was !== undefined && { before: was }),
        ...(is !== undefined && { after: is }),
        ...(oldPath !== old.path && { places: { old: [oldPath], now: [path] } }),
      });
    }
    diffSiblings(old.parts, now.parts, { old: old.path, now: now.path, name });
    const order = now.isOrdered ? orderChange(old, now) : undefined;
    if (order !== undefined) {
      changes.push({ ...shared, kind: 'ORDER_CHANGED', path: now.path, oldPath: old.path, ...order });
    }
  }

  /** Where a part would stand in the text that does not have it, if its holder stands at `to` there. */
  function placeIn(part: SchemaPart, from: string, to: string): string {
    return after.hasLastingPaths
      ? `${to}${part.path.slice(from.length)}`
      : `${to}${holders[part.part] ?? ''}`;
  }

  diffSiblings(before.parts, after.parts, { old: '', now: '', name: '' });
  return changes;
}

/** For each new part the old one that it was: of the same key, or else of one that it says it had. */
function pairUp(old: readonly SchemaPart[], now: readonly SchemaPart[]): ReadonlyMap<SchemaPart, SchemaPart> {
  const pairs = new Map<SchemaPart, SchemaPart>();
  const free = new Map(old.map((part) => [identity(part, part.key), part]));
  const pair = (part: SchemaPart, former: SchemaPart | undefined): void => {
    if (former === undefined) return;
    pairs.set(part, former);
    free.delete(identity(former, former.key));
  };
  for (const part of now) pair(part, free.get(identity(part, part.key)));
  // A name that the old text calls former, too, leads from one to the other: both may have had a time without namespace.
  const formers = new Map(
    [...free.values()].flatMap((each) =>
      [each.key, ...(each.otherKeys ?? [])].map((key) => [identity(each, key), each]),
    ),
  );
  for (const part of now) {
    if (pairs.has(part)) continue;
    const candidates = [part.key, ...(part.otherKeys ?? [])].map((key) => formers.get(identity(part, key)));
    pair(
      part,
      candidates.find((each) => each !== undefined && free.has(identity(each, each.key))),
    );
  }
  return pairs;
}

function identity(part: SchemaPart, key: string): string {
  return `${part.part} ${key}`;
}

/** The names in both orders, if those that both have do not stand in the same one. */
function orderChange(
  old: SchemaPart,
  now: SchemaPart,
): { readonly before: readonly string[]; readonly after: readonly string[] } | undefined {
  const pairs = pairUp(old.parts, now.parts);
  const order = new Map(old.parts.map((part, index) => [part, index]));
  const positions = now.parts.flatMap((part) => order.get(pairs.get(part) ?? part) ?? []);
  if (positions.every((position, index) => position > (positions[index - 1] ?? -1))) return undefined;
  return { before: old.parts.map(({ name }) => name), after: now.parts.map(({ name }) => name) };
}

/** The name of a part inside another one. */
export function nameIn(within: string, part: SchemaPart): string {
  if (part.part === 'REFERENCE' || within === '') return part.name;
  return part.name === '' ? within : `${within}.${part.name}`;
}

/** A part in a word or two: its type, or that it is there. */
function shown(part: SchemaPart): unknown {
  return part.facts.type ?? part.name;
}

function placeOf(outline: SchemaOutline, part: SchemaPart, fact: keyof PartFacts): string {
  const step = outline.factSteps[fact];
  return step === undefined || part.part === 'SCHEMA' ? part.path : `${part.path}/${step}`;
}

function isEqual(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return a === b;
  return canonicalJson(a) === canonicalJson(b);
}
