import { type DatasetDraft, datasetEvent, runEvent } from '@spine/open-lineage/event-builders';
import {
  columnLineageFacet,
  datasetOwnershipFacet,
  schemaFacet,
  tagsFacet,
} from '@spine/open-lineage/facets/dataset-facets';
import { customFacet } from '@spine/open-lineage/facets/facet';
import { jobOwnershipFacet, jobTypeFacet } from '@spine/open-lineage/facets/job-facets';
import { errorMessageFacet } from '@spine/open-lineage/facets/run-facets';
import { newRunId } from '@spine/open-lineage/run-id';
import type { Clock } from '@spine/platform/clock';
import type { Route, SinkEndpoint, SourceEndpoint } from '../domain/endpoint.ts';
import type { LeafDecision } from '../domain/leaf.ts';
import type { Relation } from '../domain/relation.ts';

/** A table as lineage hears of it: its shape and the decision it stands under. */
export interface GovernedTable {
  readonly relation: Relation;
  readonly decision: LeafDecision;
  readonly matrixVersion: number;
  readonly decidedUnder: string;
}

/** What a route tells lineage of itself. Events are kept until lineage has accepted them; telling never waits for it. */
export interface RunEvents {
  /** Every table of the route with its shape, tags and residency, denied ones too. */
  announce(tables: readonly GovernedTable[]): Promise<void>;
  started(tables: readonly GovernedTable[]): Promise<void>;
  /** Tells at most twice a minute that the run goes on. */
  running(): Promise<void>;
  completed(): Promise<void>;
  failed(reason: string): Promise<void>;
}

const producer = 'https://data-spine.dev/cdc';
const facetUrl = (file: string) =>
  `https://data-spine.dev/schema/openlineage/1-0-0/${file}.json#/$defs/${file}`;
const runningEveryMs = 30_000;

/** One run of one route: a START, RUNNING while it streams, and an end. */
export function createRouteRunEvents(deps: {
  readonly route: Route;
  readonly source: SourceEndpoint;
  readonly sink: SinkEndpoint;
  readonly clock: Clock;
  readonly append: (events: readonly object[]) => Promise<void>;
}): RunEvents {
  const { route, source, sink, clock, append } = deps;
  let runId: string | null = null;
  let flowing: readonly GovernedTable[] = [];
  let toldAt = 0;

  async function tell(
    eventType: 'START' | 'RUNNING' | 'COMPLETE' | 'FAIL',
    facets: Parameters<typeof runEvent>[0]['run']['facets'] = {},
  ): Promise<void> {
    if (runId === null) return;
    const now = clock.now();
    toldAt = now.getTime();
    await append([
      runEvent({
        producer,
        eventTime: now,
        eventType,
        run: { runId, facets },
        job: {
          namespace: 'spine',
          name: route.name,
          facets: {
            jobType: jobTypeFacet({ processingType: 'STREAMING', integration: 'SPINE', jobType: 'ROUTE' }),
            ownership: jobOwnershipFacet([{ name: route.owner, type: 'OWNER' }]),
            spine_transfer: customFacet(facetUrl('SpineTransferJobFacet'), {
              fromRegion: source.region,
              toRegion: sink.region,
            }),
          },
        },
        inputs: flowing.map((table) => inputOf(source, table)),
        outputs: flowing.flatMap((table) => outputOf(sink, table)),
      }),
    ]);
  }

  return {
    async announce(tables) {
      const eventTime = clock.now();
      await append(
        tables.map((table) => datasetEvent({ producer, eventTime, dataset: inputOf(source, table) })),
      );
    },
    async started(tables) {
      runId = newRunId(clock.now().getTime());
      flowing = tables;
      await tell('START');
      await tell('RUNNING');
    },
    async running() {
      if (clock.now().getTime() - toldAt >= runningEveryMs) await tell('RUNNING');
    },
    async completed() {
      await tell('COMPLETE');
      runId = null;
    },
    async failed(reason) {
      await tell('FAIL', {
        errorMessage: errorMessageFacet({ message: reason, programmingLanguage: 'TypeScript' }),
      });
      runId = null;
    },
  };
}

function inputOf(source: SourceEndpoint, table: GovernedTable): DatasetDraft {
  const { decision } = table;
  return {
    ...decision.dataset,
    facets: {
      schema: schemaFacet(fieldsOf(table.relation)),
      ownership: datasetOwnershipFacet([{ name: source.owner, type: 'OWNER' }]),
      tags: tagsFacet(decision.tags.map((tag) => ({ key: tag, value: 'true', source: 'spine' }))),
      spine_policyTags: customFacet(facetUrl('SpinePolicyTagsDatasetFacet'), {
        tags: decision.tags.map((tag) => ({ tag, source: 'inventory', confidence: 1 })),
      }),
      spine_residency: residencyFacet(source.region, table),
    },
  };
}

function outputOf(sink: SinkEndpoint, table: GovernedTable): DatasetDraft[] {
  const { decision, relation } = table;
  if (decision.sinkDataset === null) return [];
  const masked = new Set(decision.obligations.flatMap((obligation) => obligation.fields));
  return [
    {
      ...decision.sinkDataset,
      facets: {
        schema: schemaFacet(fieldsOf(relation)),
        spine_residency: residencyFacet(sink.region, table),
        columnLineage: columnLineageFacet(
          Object.fromEntries(
            relation.columns.map(({ name }) => [
              name,
              {
                inputFields: [
                  {
                    ...decision.dataset,
                    field: name,
                    transformations: [{ type: 'DIRECT', subtype: 'IDENTITY', masking: masked.has(name) }],
                  },
                ],
              },
            ]),
          ),
        ),
      },
    },
  ];
}

function residencyFacet(region: string, table: GovernedTable) {
  const { decision } = table;
  return customFacet(facetUrl('SpineResidencyDatasetFacet'), {
    region,
    classes: [decision.dataClass],
    matrixVersion: table.matrixVersion,
    matrixDigest: table.decidedUnder,
    verdict: decision.verdict,
    obligations: decision.obligations.map((obligation) => obligation.type),
  });
}

function fieldsOf(relation: Relation) {
  return relation.columns.map((column) => ({ name: column.name, type: column.typeText }));
}
