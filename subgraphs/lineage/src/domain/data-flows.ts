import { nodeId } from './entity-ids.ts';
import type { LineageEvent, NodeMention } from './lineage-event.ts';

/** A job made one dataset out of another: what a producer says, where inputs times outputs would only guess. */
export interface DataFlow {
  readonly jobId: string;
  readonly from: string;
  readonly to: string;
}

/**
 * The flows that an event states: by the facet `columnLineage` of an output (its fields, and what affects it as a whole), and
 * by the facet `lineage` of an output or of the job, as far as it leads from dataset to dataset.
 */
export function flowsOf({ job, outputs }: LineageEvent): readonly DataFlow[] {
  if (job === null) return [];
  const stated = [
    ...outputs.flatMap((output) => sourcesOf(output).map((from) => ({ from, to: output.id }))),
    ...objectsIn(facetOf(job, 'lineage')?.['entries']).flatMap((entry) => {
      const to = datasetOf(entry);
      return to === null ? [] : inputsOf(entry).map((from) => ({ from, to }));
    }),
  ];
  return stated.map(({ from, to }) => ({ jobId: job.id, from, to }));
}

function sourcesOf(output: NodeMention): readonly string[] {
  const columns = facetOf(output, 'columnLineage');
  const lineage = facetOf(output, 'lineage');
  const named = [
    ...membersOf(columns?.['fields']).flatMap((field) => objectsIn(field['inputFields'])),
    ...objectsIn(columns?.['dataset']),
  ].map((input) => idOf(input));
  return [...named.filter((id) => id !== null), ...(lineage === undefined ? [] : inputsOf(lineage))];
}

/** The datasets of `inputs` and of every field's `inputs`. */
function inputsOf(target: Json): readonly string[] {
  const inputs = [
    ...objectsIn(target['inputs']),
    ...membersOf(target['fields']).flatMap((field) => objectsIn(field['inputs'])),
  ];
  return inputs.map(datasetOf).filter((id) => id !== null);
}

type Json = Readonly<Record<string, unknown>>;

function datasetOf(entry: Json): string | null {
  return entry['type'] === 'DATASET' ? idOf(entry) : null;
}

function idOf({ namespace, name }: Json): string | null {
  return typeof namespace === 'string' && typeof name === 'string'
    ? nodeId('dataset', namespace, name)
    : null;
}

function facetOf(node: NodeMention, key: string): Json | undefined {
  return node.facets.find((facet) => facet.key === key)?.value ?? undefined;
}

function membersOf(value: unknown): readonly Json[] {
  return isObject(value) ? Object.values(value).filter(isObject) : [];
}

function objectsIn(list: unknown): readonly Json[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
