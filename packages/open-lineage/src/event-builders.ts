import {
  coreSchemaUrl,
  type Dataset,
  type DatasetEvent,
  type Facets,
  type InputDataset,
  type Job,
  type JobEvent,
  type OutputDataset,
  type RunEvent,
  type RunEventType,
} from './event.ts';
import type { FacetDrafts } from './facets/facet.ts';

interface Named {
  readonly namespace: string;
  readonly name: string;
  readonly facets?: FacetDrafts;
}

/** A job as it is handed to a builder. */
export type JobDraft = Named;

/** A dataset as it is handed to a builder. */
export type DatasetDraft = Named;

export interface InputDraft extends Named {
  readonly inputFacets?: FacetDrafts;
}

export interface OutputDraft extends Named {
  readonly outputFacets?: FacetDrafts;
}

interface Origin {
  /** URI of the code that speaks: written into the event and into every facet that names no producer. */
  readonly producer: string;
  readonly eventTime: Date | string;
}

interface Flow {
  readonly inputs?: readonly InputDraft[];
  readonly outputs?: readonly OutputDraft[];
}

/** A RunEvent that satisfies the core schema 2-0-2. */
export function runEvent(
  draft: Origin &
    Flow & {
      readonly eventType: RunEventType;
      readonly run: { readonly runId: string; readonly facets?: FacetDrafts };
      readonly job: JobDraft;
    },
): RunEvent {
  const { producer, run } = draft;
  return {
    ...head(draft, 'RunEvent'),
    eventType: draft.eventType,
    run: { runId: run.runId, ...facetsOf('facets', run.facets, producer) },
    job: named(draft.job, producer),
    ...flow(draft, producer),
  };
}

/** A DatasetEvent: what is known of a dataset apart from any run. */
export function datasetEvent(draft: Origin & { readonly dataset: DatasetDraft }): DatasetEvent {
  return { ...head(draft, 'DatasetEvent'), dataset: named(draft.dataset, draft.producer) };
}

/** A JobEvent: what is known of a job apart from any run. */
export function jobEvent(draft: Origin & Flow & { readonly job: JobDraft }): JobEvent {
  return {
    ...head(draft, 'JobEvent'),
    job: named(draft.job, draft.producer),
    ...flow(draft, draft.producer),
  };
}

function head({ producer, eventTime }: Origin, kind: string) {
  return {
    eventTime: typeof eventTime === 'string' ? eventTime : eventTime.toISOString(),
    producer,
    schemaURL: `${coreSchemaUrl}#/$defs/${kind}`,
  };
}

function named({ namespace, name, facets }: Named, producer: string): Job & Dataset {
  return { namespace, name, ...facetsOf('facets', facets, producer) };
}

function flow(
  { inputs, outputs }: Flow,
  producer: string,
): { inputs?: readonly InputDataset[]; outputs?: readonly OutputDataset[] } {
  return {
    ...(inputs && {
      inputs: inputs.map((input) => ({
        ...named(input, producer),
        ...facetsOf('inputFacets', input.inputFacets, producer),
      })),
    }),
    ...(outputs && {
      outputs: outputs.map((output) => ({
        ...named(output, producer),
        ...facetsOf('outputFacets', output.outputFacets, producer),
      })),
    }),
  };
}

function facetsOf<K extends string>(
  key: K,
  drafts: FacetDrafts | undefined,
  producer: string,
): { [P in K]?: Facets } {
  if (drafts === undefined) return {};
  const facets = Object.fromEntries(
    Object.entries(drafts).map(([name, draft]) => [name, { _producer: producer, ...draft }]),
  );
  return { [key]: facets } as { [P in K]?: Facets };
}
