import { type FacetDraft, standardFacet } from './facet.ts';

/** A column, with the type as the producer's system spells it. */
export interface SchemaField {
  readonly name: string;
  readonly type?: string;
  readonly description?: string;
  readonly ordinal_position?: number;
  readonly fields?: readonly SchemaField[];
}

/** Facet `schema`: the columns of a dataset. */
export function schemaFacet(fields: readonly SchemaField[]): FacetDraft {
  return standardFacet('1-2-0', 'SchemaDatasetFacet', { fields });
}

/** A tag of a dataset, or of one of its fields. */
export interface Tag {
  readonly key: string;
  readonly value: string;
  readonly source?: string;
  readonly field?: string;
}

/** Facet `tags` of a dataset. */
export function tagsFacet(tags: readonly Tag[]): FacetDraft {
  return standardFacet('1-0-0', 'TagsDatasetFacet', { tags });
}

/** How an input field became an output field. */
export interface Transformation {
  readonly type: 'DIRECT' | 'INDIRECT';
  readonly subtype?: string;
  readonly description?: string;
  /** True when the original value cannot be read from the result. */
  readonly masking?: boolean;
}

export interface InputField {
  readonly namespace: string;
  readonly name: string;
  readonly field: string;
  readonly transformations?: readonly Transformation[];
}

/**
 * Facet `columnLineage` of an output: for each of its fields the input fields it was made of, and in `dataset` those that
 * affect it as a whole (filters, joins).
 */
export function columnLineageFacet(
  fields: Readonly<Record<string, { readonly inputFields: readonly InputField[] }>>,
  dataset?: readonly InputField[],
): FacetDraft {
  return standardFacet('1-2-0', 'ColumnLineageDatasetFacet', {
    fields,
    ...(dataset === undefined ? {} : { dataset }),
  });
}

/** Somebody who answers for a dataset or a job, such as `team:data-platform`. */
export interface Owner {
  readonly name: string;
  readonly type?: string;
}

/** Facet `ownership` of a dataset. */
export function datasetOwnershipFacet(owners: readonly Owner[]): FacetDraft {
  return standardFacet('1-0-1', 'OwnershipDatasetFacet', { owners });
}

/** Facet `outputStatistics` in the `outputFacets` of an output: what a run wrote to it. */
export function outputStatisticsFacet(statistics: {
  readonly rowCount?: number;
  /** Bytes. */
  readonly size?: number;
  readonly fileCount?: number;
}): FacetDraft {
  return standardFacet('1-0-2', 'OutputStatisticsOutputDatasetFacet', statistics);
}
