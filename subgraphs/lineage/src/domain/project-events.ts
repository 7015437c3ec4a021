import { type DataFlow, flowsOf } from './data-flows.ts';
import type { NodeKind } from './entity-ids.ts';
import { earliest, type Instant, latest } from './instant.ts';
import type { FacetMention, LineageEvent, NodeMention } from './lineage-event.ts';
import { type RunState, rankOf } from './run-state.ts';

/** A dataset or job, with the times of the first and last event that named it. */
export interface NodeRow {
  readonly id: string;
  readonly kind: NodeKind;
  readonly namespace: string;
  readonly name: string;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
}

export interface RunRow {
  readonly id: string;
  /** The job named by the run's first event. */
  readonly jobId: string;
  readonly firstAt: Instant;
  readonly firstEvent: string;
  readonly lastAt: Instant;
  readonly state: RunState;
  readonly stateAt: Instant;
  readonly stateEvent: string;
  /** The earliest START. */
  readonly startedAt: Instant | null;
}

export type Direction = 'input' | 'output';

/** A run read or wrote a dataset. */
export interface RunDatasetRow {
  readonly runId: string;
  readonly datasetId: string;
  readonly direction: Direction;
  readonly lastAt: Instant;
}

/** Data flows from one node to another. */
export interface EdgeRow {
  readonly from: string;
  readonly to: string;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
}

export interface FacetRow {
  readonly entity: NodeKind | 'run';
  readonly entityId: string;
  readonly key: string;
  readonly at: Instant;
  readonly event: string;
  readonly schemaUrl: string | null;
  /** Null when the last word was that the facet is deleted: it outlives a late, older value. */
  readonly value: FacetMention['value'];
}

/** What a set of events says, one row a key. */
export interface Projection {
  readonly nodes: readonly NodeRow[];
  readonly runs: readonly RunRow[];
  readonly runDatasets: readonly RunDatasetRow[];
  readonly edges: readonly EdgeRow[];
  readonly flows: readonly DataFlow[];
  readonly facets: readonly FacetRow[];
}

/**
 * Reduces events to the rows of the graph. Every rule is a minimum, a maximum or a union over (event time, event id), so that
 * neither the order of events nor a repetition matters; the store merges the result into its tables by the same rules.
 */
export function projectEvents(events: Iterable<LineageEvent>): Projection {
  const nodes = new Map<string, NodeRow>();
  const runs = new Map<string, RunRow>();
  const runDatasets = new Map<string, RunDatasetRow>();
  const edges = new Map<string, EdgeRow>();
  const flows = new Map<string, DataFlow>();
  const facets = new Map<string, FacetRow>();

  for (const event of events) {
    const { at, run, job, dataset, inputs, outputs } = event;
    for (const node of [job, dataset, ...inputs, ...outputs]) {
      if (node === null) continue;
      put(nodes, node.id, nodeRow(node, at), mergeNodes);
      addFacets(node.kind, node.id, node.facets, event);
    }
    if (job === null) continue;
    for (const { id } of inputs) addEdge(id, job.id, at);
    for (const { id } of outputs) addEdge(job.id, id, at);
    for (const flow of flowsOf(event)) flows.set(`${flow.jobId} ${flow.from} ${flow.to}`, flow);
    if (run === null) continue;
    put(runs, run.id, runRow(event, run.id, run.state, job.id), mergeRuns);
    addFacets('run', run.id, run.facets, event);
    for (const { id } of inputs) addRunDataset(run.id, id, 'input', at);
    for (const { id } of outputs) addRunDataset(run.id, id, 'output', at);
  }

  return {
    nodes: [...nodes.values()],
    runs: [...runs.values()],
    runDatasets: [...runDatasets.values()],
    edges: [...edges.values()],
    flows: [...flows.values()],
    facets: [...facets.values()],
  };

  function addEdge(from: string, to: string, at: Instant): void {
    put(edges, `${from} ${to}`, { from, to, firstAt: at, lastAt: at }, mergeEdges);
  }

  function addRunDataset(runId: string, datasetId: string, direction: Direction, lastAt: Instant): void {
    const row = { runId, datasetId, direction, lastAt };
    put(runDatasets, `${runId} ${datasetId} ${direction}`, row, mergeRunDatasets);
  }

  function addFacets(
    entity: FacetRow['entity'],
    entityId: string,
    mentions: readonly FacetMention[],
    { at, id }: LineageEvent,
  ): void {
    for (const mention of mentions) {
      const row = { entity, entityId, at, event: id, ...mention };
      put(facets, `${entity} ${entityId} ${mention.key}`, row, laterFacet);
    }
  }
}

function put<T>(rows: Map<string, T>, key: string, row: T, merge: (known: T, row: T) => T): void {
  const known = rows.get(key);
  rows.set(key, known === undefined ? row : merge(known, row));
}

function nodeRow({ id, kind, namespace, name }: NodeMention, at: Instant): NodeRow {
  return { id, kind, namespace, name, firstAt: at, lastAt: at };
}

function mergeNodes(a: NodeRow, b: NodeRow): NodeRow {
  return { ...a, firstAt: earliest(a.firstAt, b.firstAt), lastAt: latest(a.lastAt, b.lastAt) };
}

function mergeEdges(a: EdgeRow, b: EdgeRow): EdgeRow {
  return { ...a, firstAt: earliest(a.firstAt, b.firstAt), lastAt: latest(a.lastAt, b.lastAt) };
}

function mergeRunDatasets(a: RunDatasetRow, b: RunDatasetRow): RunDatasetRow {
  return { ...a, lastAt: latest(a.lastAt, b.lastAt) };
}

function runRow({ at, id }: LineageEvent, runId: string, state: RunState, jobId: string): RunRow {
  return {
    id: runId,
    jobId,
    firstAt: at,
    firstEvent: id,
    lastAt: at,
    state,
    stateAt: at,
    stateEvent: id,
    startedAt: state === 'START' ? at : null,
  };
}

function mergeRuns(a: RunRow, b: RunRow): RunRow {
  const first = compare(a.firstAt, b.firstAt) || compare(a.firstEvent, b.firstEvent);
  const { jobId, firstAt, firstEvent } = first <= 0 ? a : b;
  const further =
    rankOf(a.state) - rankOf(b.state) || compare(a.stateAt, b.stateAt) || compare(a.stateEvent, b.stateEvent);
  const { state, stateAt, stateEvent } = further >= 0 ? a : b;
  const startedAt =
    a.startedAt !== null && b.startedAt !== null
      ? earliest(a.startedAt, b.startedAt)
      : (a.startedAt ?? b.startedAt);
  const lastAt = latest(a.lastAt, b.lastAt);
  return { id: a.id, jobId, firstAt, firstEvent, lastAt, state, stateAt, stateEvent, startedAt };
}

// Within one event, which may name a dataset twice, the later mention stands.
function laterFacet(a: FacetRow, b: FacetRow): FacetRow {
  return (compare(a.at, b.at) || compare(a.event, b.event)) > 0 ? a : b;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
