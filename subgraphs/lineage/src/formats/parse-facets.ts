import type { FacetMention } from '../domain/lineage-event.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';
import type { Warnings } from './warnings.ts';

/** Checks a facet against the schema that it names; the message says what is wrong, null that nothing is, or nothing is known. */
export type CheckFacet = (schemaUrl: string, facet: JsonObject) => string | null;

export interface FacetContext {
  readonly warnings: Warnings;
  readonly check: CheckFacet;
  /** Whether the body is so large that facets known to be heavy stay out of the graph. */
  readonly skipHeavy: boolean;
}

// Longer keys are no names, and an index would refuse them.
const longestKey = 256;
const heavy: ReadonlySet<string> = new Set(['spark.logicalPlan', 'spark_unknown', 'debug']);

/** Reads the facets of an entity. A bad facet is warned of and never costs the event; what is no object stays out of the graph. */
export function parseFacets(
  facets: unknown,
  entity: 'run' | 'job' | 'dataset',
  path: readonly string[],
  context: FacetContext,
): readonly FacetMention[] {
  const { warnings } = context;
  if (facets === undefined || facets === null) return [];
  if (!isJsonObject(facets)) {
    warnings.add('MEMBER_INVALID', path, 'facets must be an object');
    return [];
  }
  return Object.entries(facets).flatMap(([key, facet]) => {
    const at = [...path, key];
    // Some producers write null for a facet that they do not have.
    if (facet === null) return [];
    if (!isJsonObject(facet)) {
      warnings.add('FACET_INVALID', at, 'a facet must be an object');
      return [];
    }
    if (key.length > longestKey) {
      warnings.add('FACET_NOT_PROJECTED', path, `a key of more than ${longestKey} characters`);
      return [];
    }
    if (context.skipHeavy && heavy.has(key)) {
      warnings.add('FACET_NOT_PROJECTED', at, 'the event is large: this facet is kept in the log only');
      return [];
    }
    const renamed = nameOf(key, entity);
    if (renamed !== key) {
      if (isJsonObject(facets[renamed])) return [];
      warnings.add('FACET_RENAMED', at, `taken as ${renamed}`);
    }
    return [mentionOf(renamed, facet, entity, at, context)];
  });
}

// Before the specification named it, integrations sent `parentRun`.
function nameOf(key: string, entity: string): string {
  return entity === 'run' && key === 'parentRun' ? 'parent' : key;
}

function mentionOf(
  key: string,
  facet: JsonObject,
  entity: string,
  path: readonly string[],
  { warnings, check }: FacetContext,
): FacetMention {
  const { _schemaURL: url, _producer: producer } = facet;
  const schemaUrl = typeof url === 'string' ? url : null;
  if (schemaUrl === null) warnings.add('FACET_INVALID', path, '_schemaURL is missing');
  if (typeof producer !== 'string') warnings.add('FACET_INVALID', path, '_producer is missing');
  // Runs have no deleted facets: what happened, happened.
  if (facet['_deleted'] === true && entity !== 'run') return { key, schemaUrl, value: null };
  const fault = schemaUrl === null ? null : check(schemaUrl, facet);
  if (fault !== null) warnings.add('FACET_INVALID', path, fault);
  return { key, schemaUrl, value: facet };
}
