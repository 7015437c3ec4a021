import type { Owner } from './dataset-facets.ts';
import { type FacetDraft, standardFacet } from './facet.ts';

/** Facet `jobType`: what kind of processing a job is. */
export function jobTypeFacet(type: {
  readonly processingType: 'BATCH' | 'STREAMING' | 'SERVICE';
  /** The system that runs it, such as SPARK. */
  readonly integration: string;
  readonly jobType?: string;
}): FacetDraft {
  return standardFacet('2-0-4', 'JobTypeJobFacet', type);
}

/** Facet `ownership` of a job. */
export function jobOwnershipFacet(owners: readonly Owner[]): FacetDraft {
  return standardFacet('1-0-1', 'OwnershipJobFacet', { owners });
}
