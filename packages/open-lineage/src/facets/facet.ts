/** A facet that does not say who made it yet: the event builders write the event's producer into it. */
export interface FacetDraft {
  readonly _schemaURL: string;
  readonly _producer?: string;
  readonly [key: string]: unknown;
}

/** Facets by key, before a builder has signed them with the producer. */
export type FacetDrafts = Readonly<Record<string, FacetDraft>>;

/**
 * A facet of your own. Its key in the event is `<prefix>_<name>`, and `schemaURL` names an immutable version of its JSON
 * Schema (OpenLineage, naming rule of custom facets).
 */
export function customFacet(schemaURL: string, content: Readonly<Record<string, unknown>>): FacetDraft {
  return { ...content, _schemaURL: schemaURL };
}

/** A facet that removes an earlier one of the same key. Datasets and jobs have it, runs do not. */
export function deletedFacet(schemaURL: string): FacetDraft {
  return { _deleted: true, _schemaURL: schemaURL };
}

/** A facet of the OpenLineage specification, pinned to the version it was written against. */
export function standardFacet<T extends object>(version: string, name: string, content: T): FacetDraft {
  return {
    ...content,
    _schemaURL: `https://openlineage.io/spec/facets/${version}/${name}.json#/$defs/${name}`,
  };
}
