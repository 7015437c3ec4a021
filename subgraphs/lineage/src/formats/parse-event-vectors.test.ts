import { describe, expect, test } from 'vitest';
import { airflowEvents, facetInstances, hasVectors, readVector } from '../testing/vectors.ts';
import { createFacetCheck } from './check-facet.ts';
import { isJsonObject } from './json-object.ts';
import { parseEvent } from './parse-event.ts';

const base = {
  eventTime: '2026-01-01T00:00:00Z',
  producer: 'https://example.org/test',
  schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json',
};
const parse = (event: unknown) => parseEvent(event, createFacetCheck());

describe.skipIf(!hasVectors())('events of public projects', () => {
  test('the 32 events of Airflow pass without a warning and are 32 events', () => {
    const events = airflowEvents().map(parse);
    expect(events.flatMap(({ warnings }) => warnings)).toEqual([]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(32);
    expect(new Set(events.map(({ run }) => run?.id)).size).toBe(16);
    expect(events.filter(({ run }) => run?.state === 'START')).toHaveLength(16);
    expect(events.filter(({ run }) => run?.state === 'COMPLETE')).toHaveLength(16);
  });

  test('the full example of the specification passes without a warning', () => {
    const event = parse(readVector('openlineage-spec-tests/example_full_event.json'));
    expect(event.warnings).toEqual([]);
    expect(event).toMatchObject({ kind: 'run', dataset: { namespace: '123', name: '1' } });
    expect(event.job?.facets.map(({ key }) => key)).toEqual(['sql']);
  });

  test('the event that is not valid, and that every consumer must take, passes with warnings', () => {
    const folder = 'compat-consumer-scenarios/simple_run_event/events/';
    const event = parse(readVector(`${folder}simple_run_event.json`));
    expect(event.warnings.map(({ code, path }) => [code, path])).toEqual([
      ['RUN_ID_NOT_UUID', '/run/runId'],
      ['MEMBER_INVALID', '/producer'],
    ]);
    expect(event.run?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5/);
  });

  test('each of the 46 facet instances is read where it belongs, whole and without a warning', () => {
    const instances = facetInstances();
    expect(instances).toHaveLength(46);
    for (const { file, facets } of instances) {
      const named = { namespace: 'n', name: 'n', facets };
      const [event, mention] = /RunFacet/.test(file)
        ? ((parsed) => [parsed, parsed.run] as const)(
            parse({
              ...base,
              run: { runId: '01936893-9751-7a91-a2a0-a51101a3970c', facets },
              job: { namespace: 'n', name: 'n' },
            }),
          )
        : /JobFacet/.test(file)
          ? ((parsed) => [parsed, parsed.job] as const)(parse({ ...base, job: named }))
          : ((parsed) => [parsed, parsed.dataset] as const)(parse({ ...base, dataset: named }));
      expect(event.warnings, file).toEqual([]);
      const read = Object.fromEntries(mention?.facets.map(({ key, value }) => [key, value]) ?? []);
      expect(read, file).toEqual(isJsonObject(facets) ? facets : {});
    }
  });
});
