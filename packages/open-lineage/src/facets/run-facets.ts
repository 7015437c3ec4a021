import { type FacetDraft, standardFacet } from './facet.ts';

/** Facet `errorMessage`: why a run failed. */
export function errorMessageFacet(error: {
  readonly message: string;
  readonly programmingLanguage: string;
  readonly stackTrace?: string;
}): FacetDraft {
  return standardFacet('1-0-1', 'ErrorMessageRunFacet', error);
}

/** A run of a job, as another run refers to it. */
export interface RunOfJob {
  readonly run: { readonly runId: string };
  readonly job: { readonly namespace: string; readonly name: string };
}

/** Facet `parent`: the run that started this one, and the root of all. */
export function parentFacet(parent: RunOfJob, root?: RunOfJob): FacetDraft {
  return standardFacet('1-2-0', 'ParentRunFacet', {
    ...parent,
    ...(root === undefined ? {} : { root }),
  });
}
