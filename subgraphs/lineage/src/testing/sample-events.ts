import type { LineageEvent } from '../domain/lineage-event.ts';
import { parseEvent } from '../formats/parse-event.ts';

const producer = 'https://example.org/test';

/** Facets with the members every facet needs. */
export function facetsOf(facets: Readonly<Record<string, object>>): Record<string, object> {
  return Object.fromEntries(
    Object.entries(facets).map(([key, content]) => [
      key,
      { _producer: producer, _schemaURL: `https://example.org/1-0-0/${key}.json`, ...content },
    ]),
  );
}

/** A dataset of namespace `db`, as it stands in an event. */
export function dataset(name: string, facets: Readonly<Record<string, object>> = {}): object {
  return { namespace: 'db', name, facets: facetsOf(facets) };
}

/** The body of a run event: a run of job `etl`/`job` that reads and writes datasets of namespace `db`. */
export function runBody(options: {
  readonly run: string;
  readonly at?: string;
  readonly type?: string;
  readonly job?: string;
  readonly reads?: readonly (string | object)[];
  readonly writes?: readonly (string | object)[];
  readonly runFacets?: Readonly<Record<string, object>>;
  readonly jobFacets?: Readonly<Record<string, object>>;
}): Record<string, unknown> {
  const datasets = (list: readonly (string | object)[] = []) =>
    list.map((one) => (typeof one === 'string' ? dataset(one) : one));
  return {
    eventTime: options.at ?? '2026-01-01T00:00:00Z',
    eventType: options.type ?? 'START',
    producer,
    schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
    run: { runId: options.run, facets: facetsOf(options.runFacets ?? {}) },
    job: { namespace: 'etl', name: options.job ?? 'job', facets: facetsOf(options.jobFacets ?? {}) },
    inputs: datasets(options.reads),
    outputs: datasets(options.writes),
  };
}

/** The body of a dataset event. */
export function datasetBody(
  name: string,
  facets: Readonly<Record<string, object>> = {},
  at = '2026-01-01T00:00:00Z',
): Record<string, unknown> {
  return {
    eventTime: at,
    producer,
    schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/DatasetEvent',
    dataset: dataset(name, facets),
  };
}

/** A run event, parsed. */
export function runEvent(options: Parameters<typeof runBody>[0]): LineageEvent {
  return parseEvent(runBody(options));
}

/** A dataset event, parsed. */
export function datasetEvent(...options: Parameters<typeof datasetBody>): LineageEvent {
  return parseEvent(datasetBody(...options));
}

/** A run id, always the same for a number. */
export function runId(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}
