import { requireRole } from '@spine/platform/auth/authorise';
import { type Connection, pageArgs, toConnection } from '@spine/platform/graphql/connection';
import { Cursor } from '@spine/platform/graphql/scalars';
import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { placeDataset } from '../../domain/dataset-place.ts';
import { ClassifiedField, DatasetClassification, DatasetResidency } from './dataset-types.ts';
import { DecisionConnection, type DecisionType } from './decision-types.ts';
import type { GovernanceContext } from './governance-context.ts';
import { keysetNumber } from './keyset-number.ts';
import { loadActiveMatrix, loadDecisionPage } from './loaders.ts';
import { readers } from './readers.ts';
import { DatasetType } from './stub-types.ts';
import { toDecision } from './to-graph.ts';

@Resolver(() => DatasetType)
export class DatasetResolver {
  @FieldResolver(() => DatasetClassification, {
    nullable: true,
    description: 'By the active matrix; a dataset at a sink has the class of what arrives there.',
  })
  async classification(
    @Root() dataset: DatasetType,
    @Ctx() context: GovernanceContext,
  ): Promise<DatasetClassification | null> {
    requireRole(context.principal, ...readers);
    const active = await loadActiveMatrix(context);
    if (active === null) return null;
    const place = placeDataset(active.policy.document, dataset);
    if (place === undefined) return null;
    const own = active.policy.inventory.classify(place.logicalName);
    const [arrival] =
      place.kind === 'sink' && own.dataClass === null
        ? await loadDecisionPage(context, { dataset, side: 'sink', after: null, limit: 1 })
        : [];
    const { dataClass, fields } =
      arrival === undefined ? own : active.policy.inventory.classify(arrival.logicalName);
    const entries = Object.entries(fields);
    return Object.assign(new DatasetClassification(), {
      dataClass,
      tags: [...new Set(entries.flatMap(([, tags]) => tags))].toSorted(),
      fields: entries.map(([path, tags]) => Object.assign(new ClassifiedField(), { path, tags })),
    });
  }

  @FieldResolver(() => DatasetResidency, { nullable: true })
  async residency(
    @Root() dataset: DatasetType,
    @Ctx() context: GovernanceContext,
  ): Promise<DatasetResidency> {
    requireRole(context.principal, ...readers);
    const active = await loadActiveMatrix(context);
    const place = active === null ? undefined : placeDataset(active.policy.document, dataset);
    const region = place?.endpoint.region ?? null;
    return Object.assign(new DatasetResidency(), {
      region,
      jurisdiction: region === null ? null : (active?.policy.regions.find(region)?.jurisdiction ?? null),
      namespace: dataset.namespace,
      name: dataset.name,
      side: place?.kind ?? 'source',
    });
  }
}

@Resolver(() => DatasetResidency)
export class DatasetResidencyResolver {
  @FieldResolver(() => DecisionConnection, {
    description: 'Newest first: those by which it leaves; of a dataset at a sink those by which it arrived.',
  })
  async decisions(
    @Root() residency: DatasetResidency,
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => Cursor, { nullable: true }) after: string | null,
    @Ctx() context: GovernanceContext,
  ): Promise<Connection<DecisionType>> {
    const page = pageArgs(first, after, 2);
    const { namespace, name, side } = residency;
    const records = await loadDecisionPage(context, {
      dataset: { namespace, name },
      side,
      after:
        page.after === undefined
          ? null
          : { seq: keysetNumber(page.after[0]), ordinal: Number(keysetNumber(page.after[1])) },
      limit: page.limit,
    });
    return toConnection(page, records, {
      node: toDecision,
      keyset: ({ seq, ordinal }) => [String(seq), String(ordinal)],
    });
  }
}
