import { existsSync, readdirSync, readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { datasetEvent, jobEvent, runEvent } from './event-builders.ts';
import {
  columnLineageFacet,
  datasetOwnershipFacet,
  outputStatisticsFacet,
  schemaFacet,
  tagsFacet,
} from './facets/dataset-facets.ts';
import { customFacet, deletedFacet } from './facets/facet.ts';
import { jobOwnershipFacet, jobTypeFacet } from './facets/job-facets.ts';
import { errorMessageFacet, parentFacet } from './facets/run-facets.ts';
import { newRunId } from './run-id.ts';

const producer = 'https://example.org/shop/v1';
const shop = { namespace: 'postgres://db:5432', name: 'shop.public.customers' };
const job = { namespace: 'shop', name: 'copy' };

const complete = runEvent({
  producer,
  eventTime: new Date('2026-01-02T03:04:05.678Z'),
  eventType: 'COMPLETE',
  run: {
    runId: newRunId(),
    facets: {
      errorMessage: errorMessageFacet({ message: 'no', programmingLanguage: 'TypeScript' }),
      parent: parentFacet({ run: { runId: newRunId() }, job }, { run: { runId: newRunId() }, job }),
    },
  },
  job: {
    ...job,
    facets: {
      jobType: jobTypeFacet({ processingType: 'STREAMING', integration: 'SPINE', jobType: 'ROUTE' }),
      ownership: jobOwnershipFacet([{ name: 'team:data-platform' }]),
    },
  },
  inputs: [
    {
      ...shop,
      facets: {
        schema: schemaFacet([
          { name: 'id', type: 'bigint', ordinal_position: 1 },
          { name: 'address', fields: [{ name: 'city', type: 'text' }] },
        ]),
        tags: tagsFacet([{ key: 'pii', value: 'true', field: 'email' }]),
      },
    },
  ],
  outputs: [
    {
      ...shop,
      facets: {
        ownership: datasetOwnershipFacet([{ name: 'team:analytics', type: 'MAINTAINER' }]),
        columnLineage: columnLineageFacet(
          {
            email: {
              inputFields: [
                {
                  ...shop,
                  field: 'email',
                  transformations: [{ type: 'DIRECT', subtype: 'TRANSFORMATION', masking: true }],
                },
              ],
            },
          },
          [{ ...shop, field: 'country' }],
        ),
      },
      outputFacets: { outputStatistics: outputStatisticsFacet({ rowCount: 3, size: 120 }) },
    },
  ],
});

const described = datasetEvent({
  producer,
  eventTime: '2026-01-02T03:04:05Z',
  dataset: {
    ...shop,
    facets: {
      shop_note: customFacet('https://example.org/schemas/1-0-0/NoteDatasetFacet.json', { note: 'x' }),
      documentation: deletedFacet('https://openlineage.io/spec/facets/1-1-0/DocumentationDatasetFacet.json'),
    },
  },
});

const declared = jobEvent({
  producer,
  eventTime: '2026-01-02T03:04:05Z',
  job,
  inputs: [shop],
  outputs: [shop],
});

test('every facet says who made it, unless it already does', () => {
  expect(complete.run.facets?.['errorMessage']?._producer).toBe(producer);
  expect(complete.outputs?.[0]?.outputFacets?.['outputStatistics']?._producer).toBe(producer);
  const other = datasetEvent({
    producer,
    eventTime: '2026-01-02T03:04:05Z',
    dataset: {
      ...shop,
      facets: { tags: { ...tagsFacet([]), _producer: 'https://example.org/other' } },
    },
  });
  expect(other.dataset.facets?.['tags']?._producer).toBe('https://example.org/other');
});

test('a member that was not given is absent, not undefined', () => {
  expect(Object.keys(declared)).not.toContain('run');
  expect(Object.keys(declared.job)).toEqual(['namespace', 'name']);
});

const specification = new URL('../../../../shared/vectors/lineage/openlineage-spec/', import.meta.url);
const absent = !existsSync(specification);
if (absent) process.stderr.write('skipped: ../shared/vectors/lineage/openlineage-spec is absent\n');

describe.skipIf(absent)('against the official schemas', () => {
  const core = 'https://openlineage.io/spec/2-0-2/OpenLineage.json';

  function officialSchemas(): { readonly ajv: Ajv2020.default; readonly facetIds: readonly string[] } {
    const ajv = new Ajv2020.default({ strict: false, allErrors: true });
    addFormats.default(ajv);
    const read = (path: string) => JSON.parse(readFileSync(new URL(path, specification), 'utf8'));
    ajv.addSchema(read('OpenLineage.json'));
    const facetIds = readdirSync(new URL('facets/', specification)).map((file) => {
      const schema = read(`facets/${file}`);
      ajv.addSchema(schema);
      return String(schema.$id);
    });
    return { ajv, facetIds };
  }

  test.each([
    ['RunEvent', complete],
    ['DatasetEvent', described],
    ['JobEvent', declared],
  ])('a built %s is valid', (kind, event) => {
    const { ajv } = officialSchemas();
    const validate = ajv.getSchema(`${core}#/$defs/${kind}`);
    expect(validate?.(event), JSON.stringify(validate?.errors)).toBe(true);
    expect(event.schemaURL).toBe(`${core}#/$defs/${kind}`);
  });

  test('every standard facet is valid by the very schema version that it names', () => {
    const { ajv, facetIds } = officialSchemas();
    const facets = [
      complete.run.facets,
      complete.job.facets,
      complete.inputs?.[0]?.facets,
      complete.outputs?.[0]?.facets,
      complete.outputs?.[0]?.outputFacets,
    ].flatMap((group) => Object.entries(group ?? {}));
    expect(facets).toHaveLength(9);
    for (const [key, facet] of facets) {
      expect(facetIds).toContain(facet._schemaURL.split('#')[0]);
      const validate = ajv.getSchema(facet._schemaURL);
      expect(validate?.(facet), `${key}: ${JSON.stringify(validate?.errors)}`).toBe(true);
    }
  });
});
