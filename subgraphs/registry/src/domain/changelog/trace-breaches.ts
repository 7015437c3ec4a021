import { type Direction, directions } from '../check-report.ts';
import type { SchemaOutline } from '../outline/schema-outline.ts';
import type { SchemaPart } from '../outline/schema-part.ts';
import { type FoundChange, nameIn } from './diff-parts.ts';
import type { ChangeBreach, SchemaChange } from './schema-change.ts';

/** The breaches between two schemas: of the new one with old data, and of the old one with new data. */
export type Breaches = Readonly<Record<Direction, readonly Omit<ChangeBreach, 'direction'>[]>>;

/** Of a thousand symbols that went at once, these are told to be the cause. */
const maxCauses = 100;

/**
 * Tells of each breach which change it comes of: the one at its place; failing that, those inside its place, or
 * else the one nearest around it. A breach that none of them explains becomes an entry of its own, so that none is lost.
 */
export function traceBreaches(
  found: readonly FoundChange[],
  breaches: Breaches,
  outlines: Readonly<Record<'old' | 'now', SchemaOutline>>,
): readonly SchemaChange[] {
  const traced = found.map((): ChangeBreach[] => []);
  const alone: SchemaChange[] = [];
  for (const direction of directions) {
    const side = direction === 'BACKWARD' ? 'now' : 'old';
    const causesAt = createCauses(found, side);
    for (const { kind, path, message } of breaches[direction]) {
      const breach = { direction, kind, path, message };
      const place = outlines[side].locate(path);
      const causes = causesAt(place);
      for (const index of causes) traced[index]?.push(breach);
      if (causes.length > 0) continue;
      const { part, name } = innermost(outlines[side].parts, place);
      alone.push({
        kind: 'BREACH',
        part,
        name,
        ...(side === 'now' ? { path: place } : { oldPath: place }),
        breaks: [direction],
        breaches: [breach],
      });
    }
  }
  const changes = found.map(({ places: _, ...change }, index): SchemaChange => {
    const own = traced[index] ?? [];
    const broken = directions.filter((direction) => own.some((each) => each.direction === direction));
    return { ...change, breaks: broken, breaches: own };
  });
  return [...changes, ...alone];
}

/** Finds changes by place: each is looked up, however many breaches and changes there are. */
function createCauses(
  found: readonly FoundChange[],
  side: 'old' | 'now',
): (place: string) => readonly number[] {
  const at = new Map<string, number[]>();
  const inside = new Map<string, number[]>();
  for (const [index, { kind, places }] of found.entries()) {
    // Documentation breaks no reader.
    if (kind === 'DOC_CHANGED') continue;
    for (const place of places[side]) {
      append(at, place, index);
      for (const holder of aroundOf(place)) append(inside, holder, index);
    }
  }
  return (place) => {
    const nearest = aroundOf(place).find((each) => at.has(each)) ?? '';
    const causes = at.get(place) ?? inside.get(place) ?? at.get(nearest) ?? [];
    return [...new Set(causes.slice(0, maxCauses))];
  };
}

function append(lists: Map<string, number[]>, key: string, index: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [index]);
  else list.push(index);
}

/** A place and those around it, innermost first: `/a/b`, `/a`, the root. */
function aroundOf(place: string): readonly string[] {
  const places = [place];
  for (let end = place.lastIndexOf('/'); end >= 0; end = end === 0 ? -1 : place.lastIndexOf('/', end - 1)) {
    places.push(place.slice(0, end));
  }
  return places;
}

/** Whether a pointer leads to a place or further inside it. */
function isWithin(pointer: string, place: string): boolean {
  return pointer === place || pointer.startsWith(`${place}/`);
}

/** The part at a place or nearest around it, by its whole name. */
function innermost(
  parts: readonly SchemaPart[],
  place: string,
  within: Pick<SchemaPart, 'part' | 'name'> = { part: 'SCHEMA', name: '' },
): Pick<SchemaPart, 'part' | 'name'> {
  const around = parts.filter(({ part, path }) => part !== 'REFERENCE' && isWithin(place, path));
  const nearest = around.toSorted((a, b) => b.path.length - a.path.length)[0];
  if (nearest === undefined) return within;
  return innermost(nearest.parts, place, { part: nearest.part, name: nameIn(within.name, nearest) });
}
