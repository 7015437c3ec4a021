import { Problem } from '@spine/kernel/problem';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFacetCheck } from './check-facet.ts';
import { maxJsonDepth } from './clean-json.ts';
import { parseEvent } from './parse-event.ts';

const producer = 'https://example.org/shop';
const schemaURL = 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent';
const facet = { _producer: producer, _schemaURL: 'https://example.org/1-0-0/NoteFacet.json' };
const run = {
  eventTime: '2026-01-02T03:04:05.678Z',
  eventType: 'START',
  producer,
  schemaURL,
  run: { runId: '01936893-9751-7a91-a2a0-a51101a3970c' },
  job: { namespace: 'shop', name: 'copy' },
  inputs: [{ namespace: 'postgres://db:5432', name: 'shop.public.orders' }],
  outputs: [{ namespace: 'postgres://dw:5432', name: 'warehouse.public.orders' }],
};
const base = { eventTime: run.eventTime, producer, schemaURL };

function refusal(event: unknown): Problem {
  try {
    parseEvent(event);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('the event was accepted');
}
const codes = (event: unknown) => parseEvent(event, createFacetCheck()).warnings.map(({ code }) => code);

describe('what an event is', () => {
  test('is told by its structure, whatever its schemaURL says', () => {
    const wrong = { ...base, schemaURL: 'https://example.org/RunEvent' };
    expect(parseEvent({ ...wrong, dataset: run.inputs[0] }).kind).toBe('dataset');
    expect(parseEvent({ ...wrong, job: run.job }).kind).toBe('job');
    expect(parseEvent({ ...run, schemaURL: 'https://example.org/DatasetEvent' }).kind).toBe('run');
  });

  test('a complete event has no warnings', () => {
    const event = parseEvent(run);
    expect(event).toMatchObject({
      kind: 'run',
      at: '2026-01-02T03:04:05.678000Z',
      run: { id: run.run.runId, state: 'START' },
      job: run.job,
      inputs: run.inputs,
      outputs: run.outputs,
      warnings: [],
    });
    expect(JSON.parse(event.body)).toEqual(run);
  });
});

describe('what is refused', () => {
  test.each<[string, unknown, string]>([
    ['no object', [run], ''],
    ['null', null, ''],
    ['neither run nor dataset nor job', base, ''],
    ['a run without an id', { ...run, run: {} }, '/run/runId'],
    ['a run that is no object', { ...run, run: 'x' }, '/run'],
    ['a run without a job', { ...run, job: undefined }, '/job'],
    ['a job without a name', { ...run, job: { namespace: 'shop' } }, '/job/name'],
    ['a job with an empty namespace', { ...run, job: { namespace: '', name: 'x' } }, '/job/namespace'],
    ['inputs that are no list', { ...run, inputs: {} }, '/inputs'],
    ['an input without a name', { ...run, inputs: [{ namespace: 'a' }] }, '/inputs/0/name'],
    ['a dataset whose name is a number', { ...base, dataset: { namespace: 'a', name: 1 } }, '/dataset/name'],
    ['no time', { ...run, eventTime: undefined }, '/eventTime'],
    ['a time that is none', { ...run, eventTime: 'yesterday' }, '/eventTime'],
    ['a thirteenth month', { ...run, eventTime: '2026-13-01T00:00:00Z' }, '/eventTime'],
  ])('%s', (_, event, path) => {
    const problem = refusal(event);
    expect(problem.code).toBe('EVENT_INVALID');
    expect(problem.path).toBe(path);
  });

  test('a body made to exhaust the stack', () => {
    let nested: unknown = 1;
    for (let depth = 0; depth < 100_000; depth += 1) nested = [nested];
    expect(refusal({ ...run, nested }).message).toContain(String(maxJsonDepth));
  });
});

describe('what is tolerated with a warning', () => {
  test.each<[string, unknown, string[]]>([
    ['no schemaURL', { ...run, schemaURL: undefined }, ['MEMBER_MISSING']],
    ['a producer that is no URI', { ...run, producer: 'producer' }, ['MEMBER_INVALID']],
    ['a run id that is no UUID', { ...run, run: { runId: 'nightly-1' } }, ['RUN_ID_NOT_UUID']],
    ['a time without a zone', { ...run, eventTime: '2026-01-02T03:04:05' }, ['TIME_WITHOUT_ZONE']],
    ['an unknown state', { ...run, eventType: 'PAUSED' }, ['MEMBER_INVALID']],
    ['a facet that is no object', { ...run, job: { ...run.job, facets: { note: 'x' } } }, ['FACET_INVALID']],
    ['facets that are no object', { ...run, job: { ...run.job, facets: [] } }, ['MEMBER_INVALID']],
    [
      'a facet without producer and schema',
      { ...run, job: { ...run.job, facets: { note: {} } } },
      ['FACET_INVALID', 'FACET_INVALID'],
    ],
    [
      'the former name of the parent facet',
      { ...run, run: { ...run.run, facets: { parentRun: facet } } },
      ['FACET_RENAMED'],
    ],
    [
      'a facet with an endless key',
      { ...run, run: { ...run.run, facets: { ['k'.repeat(257)]: facet } } },
      ['FACET_NOT_PROJECTED'],
    ],
    ['text that Postgres cannot hold', { ...run, note: 'a\u0000b' }, ['TEXT_CLEANED']],
  ])('%s', (_, event, expected) => {
    expect(codes(event)).toEqual(expected);
  });

  test.each([
    ['no eventType', { ...run, eventType: undefined }],
    ['nanoseconds', { ...run, eventTime: '2026-01-02T03:04:05.123456789+02:00' }],
    ['a facet that is null', { ...run, job: { ...run.job, facets: { note: null } } }],
    ['inputs that are null', { ...run, inputs: null }],
  ])('without one: %s', (_, event) => {
    expect(codes(event)).toEqual([]);
  });

  test('warnings name places, never values, and are bounded', () => {
    const facets = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`f${i}`, 'ada@example.org']));
    const { warnings } = parseEvent({ ...run, run: { ...run.run, facets } });
    expect(warnings).toHaveLength(100);
    expect(warnings[0]?.path).toBe('/run/facets/f0');
    expect(JSON.stringify(warnings)).not.toContain('ada@example.org');
  });
});

describe('the facets of this product', () => {
  const residency = (content: object) => ({
    ...base,
    dataset: {
      ...run.inputs[0],
      facets: {
        spine_residency: {
          _producer: producer,
          _schemaURL:
            'https://data-spine.dev/schema/openlineage/1-0-0/SpineResidencyDatasetFacet.json#/$defs/SpineResidencyDatasetFacet',
          ...content,
        },
      },
    },
  });

  test('are checked against their schemas', () => {
    const good = {
      region: 'eu-central-1',
      jurisdiction: 'EU',
      classes: ['confidential'],
      decisionId: '0f',
      matrixVersion: 1,
      matrixDigest: 'ab',
      verdict: 'allow_with_obligations',
      obligations: ['hash'],
      decidedAt: '2026-01-02T03:04:05Z',
    };
    expect(codes(residency(good))).toEqual([]);
    expect(codes(residency({ ...good, verdict: 'perhaps' }))).toEqual(['FACET_INVALID']);
    expect(codes(residency({}))).toEqual(['FACET_INVALID']);
  });

  test('a bad one is kept', () => {
    const event = parseEvent(residency({}), createFacetCheck());
    expect(event.dataset?.facets).toMatchObject([{ key: 'spine_residency' }]);
  });

  test('a facet of another schema is not judged', () => {
    const other = {
      _producer: producer,
      _schemaURL: 'https://data-spine.dev/schema/openlineage/1-0-0/%zz.json#/$defs/%E0%A4%A',
    };
    expect(codes({ ...base, dataset: { ...run.inputs[0], facets: { other } } })).toEqual([]);
  });
});

describe('the identity of an event', () => {
  test('is its content, in whatever order it was written', () => {
    const reordered = Object.fromEntries(Object.entries(run).reverse());
    expect(parseEvent(reordered).id).toBe(parseEvent(run).id);
    expect(parseEvent({ ...run, eventType: 'COMPLETE' }).id).not.toBe(parseEvent(run).id);
  });

  test('does not hold how it was delivered', () => {
    const delivered = (seq: number) => ({
      ...run,
      run: { ...run.run, facets: { note: facet, spine_delivery: { ...facet, seq } } },
    });
    expect(parseEvent(delivered(1)).id).toBe(parseEvent(delivered(2)).id);
    const other = { ...run, run: { ...run.run, facets: { note: { ...facet, seq: 1 } } } };
    expect(parseEvent(other).id).not.toBe(parseEvent(delivered(1)).id);
  });
});

test('a key named __proto__ stays a key', () => {
  const event = parseEvent(JSON.parse(JSON.stringify(run).replace('"shop"', '"shop","__proto__":{"a":1}')));
  expect(event.body).toContain('"__proto__":{"a":1}');
  expect(Object.prototype).not.toHaveProperty('a');
});

test('a large event keeps its heavy facets out of the graph and in the log', () => {
  const plan = { ...facet, plan: 'x'.repeat(1_000_000) };
  const event = parseEvent({
    ...run,
    run: { ...run.run, facets: { 'spark.logicalPlan': plan, note: facet } },
  });
  expect(event.run?.facets.map(({ key }) => key)).toEqual(['note']);
  expect(event.warnings).toMatchObject([
    { code: 'FACET_NOT_PROJECTED', path: '/run/facets/spark.logicalPlan' },
  ]);
  expect(event.body).toContain('xxx');
});

test('whatever JSON comes, it is an event or a refusal', () => {
  const part = fc.jsonValue({ maxDepth: 3 });
  const shape = fc.record(
    {
      eventTime: fc.oneof(fc.constant(run.eventTime), part),
      eventType: part,
      run: fc.oneof(part, fc.record({ runId: fc.oneof(fc.string(), part), facets: part })),
      job: fc.oneof(part, fc.record({ namespace: fc.string(), name: fc.string(), facets: part })),
      dataset: fc.oneof(part, fc.record({ namespace: fc.string(), name: fc.string(), facets: part })),
      inputs: fc.oneof(part, fc.array(part)),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(shape, (event) => {
      try {
        expect(parseEvent(event).id).toHaveLength(64);
      } catch (error) {
        expect(error).toBeInstanceOf(Problem);
      }
    }),
    { numRuns: 500 },
  );
});
