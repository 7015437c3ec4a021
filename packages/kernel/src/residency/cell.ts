import type { DataClass } from '../data-class.ts';
import type { Region } from '../region.ts';
import { type Candidate, placeSpecificity } from './candidate.ts';

/** A candidate that matches all but the dataset's name, with how specific it is if that matches too. */
export interface CellEntry {
  readonly candidate: Candidate;
  readonly score: number;
  readonly matches: (logicalName: string) => boolean;
}

/** Everything the matrix says of one source, sink and data class, indexed by dataset. */
export interface Cell {
  /** The entries that match a dataset; one candidate may stand twice, through two of its patterns. */
  matching(logicalName: string): CellEntry[];
}

/** One end of a transfer, with its region known. */
export interface PlacedEndpoint {
  readonly name: string;
  readonly region: Region;
}

/**
 * Narrows the matrix to one cell. Entries are indexed by the shape of their pattern (schema and table, each literal or
 * not), so that thousands of rules on single tables cost a decision four lookups.
 */
export function createCell(
  candidates: readonly Candidate[],
  source: PlacedEndpoint,
  sink: PlacedEndpoint & { readonly purpose: string },
  dataClass: DataClass,
): Cell {
  const byShape = new Map<string, CellEntry[]>();
  const put = (key: string, entry: CellEntry): void => {
    const entries = byShape.get(key);
    if (entries === undefined) byShape.set(key, [entry]);
    else entries.push(entry);
  };
  for (const candidate of candidates) {
    const score = scoreOf(candidate, source, sink, dataClass);
    if (score === null) continue;
    if (candidate.globs === null) {
      put(shapeKey('*', '*'), { candidate, score, matches: always });
      continue;
    }
    for (const glob of candidate.globs) {
      const [, schema, table] = glob.parts;
      const literal = (part: string): string => (part.includes('*') ? '*' : part);
      put(shapeKey(literal(schema), literal(table)), {
        candidate,
        score: score + glob.specificity * datasetWeight,
        matches: glob.matches,
      });
    }
  }
  return {
    matching(logicalName) {
      const firstDot = logicalName.indexOf('.');
      const secondDot = logicalName.indexOf('.', firstDot + 1);
      const schema = logicalName.slice(firstDot + 1, secondDot);
      const table = logicalName.slice(secondDot + 1);
      const found: CellEntry[] = [];
      for (const key of [
        shapeKey(schema, table),
        shapeKey(schema, '*'),
        shapeKey('*', table),
        shapeKey('*', '*'),
      ]) {
        for (const entry of byShape.get(key) ?? []) if (entry.matches(logicalName)) found.push(entry);
      }
      return found;
    },
  };
}

/** The dataset's pattern weighs more than all else together: below it sink, to, from, purpose, class. */
const datasetWeight = 128;

function scoreOf(
  candidate: Candidate,
  source: PlacedEndpoint,
  sink: PlacedEndpoint & { readonly purpose: string },
  dataClass: DataClass,
): number | null {
  if (candidate.classes !== null && !candidate.classes.has(dataClass)) return null;
  if (candidate.purposes !== null && !candidate.purposes.has(sink.purpose)) return null;
  if (candidate.sinks !== null && !candidate.sinks.has(sink.name)) return null;
  const from = placeSpecificity(candidate.from, source.region);
  const to = placeSpecificity(candidate.to, sink.region);
  if (from === null || to === null) return null;
  const given = (set: unknown): number => (set === null ? 0 : 1);
  return (
    given(candidate.sinks) * 64 +
    to * 16 +
    from * 4 +
    given(candidate.purposes) * 2 +
    given(candidate.classes)
  );
}

function shapeKey(schema: string, table: string): string {
  return `${schema}\u0000${table}`;
}

function always(): boolean {
  return true;
}
