/** The version of the core schema that these types follow (OpenLineage 2-0-2). */
export const coreSchemaUrl = 'https://openlineage.io/spec/2-0-2/OpenLineage.json';

/** What happened to a run. One START and one of COMPLETE, FAIL, ABORT end to end; RUNNING and OTHER as often as wanted. */
export type RunEventType = 'START' | 'RUNNING' | 'COMPLETE' | 'ABORT' | 'FAIL' | 'OTHER';

/** Typed metadata: who made it, which schema it follows, and its content. */
export interface Facet {
  readonly _producer: string;
  readonly _schemaURL: string;
  readonly [key: string]: unknown;
}

/** Facets by key. */
export type Facets = Readonly<Record<string, Facet>>;

export interface Run {
  /** A UUID; `newRunId` makes one that sorts by time. */
  readonly runId: string;
  readonly facets?: Facets;
}

export interface Job {
  readonly namespace: string;
  readonly name: string;
  readonly facets?: Facets;
}

/** Named data, by the OpenLineage naming rules. */
export interface Dataset {
  readonly namespace: string;
  readonly name: string;
  readonly facets?: Facets;
}

export interface InputDataset extends Dataset {
  readonly inputFacets?: Facets;
}

export interface OutputDataset extends Dataset {
  readonly outputFacets?: Facets;
}

interface BaseEvent {
  /** ISO 8601 with a zone. */
  readonly eventTime: string;
  /** URI of the code that made the event. */
  readonly producer: string;
  readonly schemaURL: string;
}

/** A run's transition. Inputs and outputs accumulate over the events of a run. */
export interface RunEvent extends BaseEvent {
  readonly eventType?: RunEventType;
  readonly run: Run;
  readonly job: Job;
  readonly inputs?: readonly InputDataset[];
  readonly outputs?: readonly OutputDataset[];
}

/** What is known of a dataset, apart from any run. */
export interface DatasetEvent extends BaseEvent {
  readonly dataset: Dataset;
}

/** What is known of a job, apart from any run. */
export interface JobEvent extends BaseEvent {
  readonly job: Job;
  readonly inputs?: readonly InputDataset[];
  readonly outputs?: readonly OutputDataset[];
}

/** One body of `POST /api/v1/lineage`. */
export type OpenLineageEvent = RunEvent | DatasetEvent | JobEvent;
