import { Problem } from '@spine/kernel/problem';
import { roles } from '@spine/kernel/role';
import { type Connection, pageArgs, toConnection } from '@spine/platform/graphql/connection';
import { Cursor, JSONValue } from '@spine/platform/graphql/scalars';
import { Sensitive } from '@spine/platform/graphql/sensitive';
import { Arg, Authorized, Ctx, Directive, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { nodeId } from '../../domain/entity-ids.ts';
import { readRegion, readSchemaFields, readTags } from '../../formats/read-facets.ts';
import { readEdges } from '../../store/edges.ts';
import { findNodes, listNodes, nodeKeyset, nodePosition } from '../../store/nodes.ts';
import { type TraceDirection, traceLineage } from '../../usecases/trace-lineage.ts';
import type { LineageContext } from './lineage-context.ts';
import {
  DatasetConnection,
  DatasetField,
  DatasetTag,
  DatasetType,
  LineageDirectionEnum,
  LineageEdge,
  LineageGraph,
  RunType,
} from './lineage-types.ts';
import { loadFacets, loadLatestRunOfDataset, loadNode } from './loaders.ts';
import { toDataset, toNode, toRun } from './to-graph.ts';

const deepestWalk = 20;
const mostNodes = 2_000;

@Resolver(() => DatasetType)
export class DatasetResolver {
  @Authorized(...roles)
  @Query(() => DatasetType, { nullable: true, description: 'A dataset that some event has named, or null.' })
  async dataset(
    @Arg('namespace', () => String) namespace: string,
    @Arg('name', () => String) name: string,
    @Ctx() context: LineageContext,
  ): Promise<DatasetType | null> {
    const node = await loadNode(context, nodeId('dataset', namespace, name));
    return node === null ? null : toDataset(node);
  }

  @Authorized(...roles)
  @Query(() => DatasetConnection, { description: 'Every dataset, by namespace and name.' })
  async datasets(
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => Cursor, { nullable: true }) after: string | null,
    @Ctx() context: LineageContext,
  ): Promise<Connection<DatasetType>> {
    const page = pageArgs(first, after, 3);
    const position = page.after === undefined ? null : nodePosition(page.after);
    const rows = await listNodes(context.database.kysely, 'dataset', page.limit, position);
    return toConnection(page, rows, { node: toDataset, keyset: nodeKeyset });
  }

  @Directive('@cost(weight: 10)')
  @Directive(
    '@listSize(slicingArguments: ["maxNodes"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)',
  )
  @FieldResolver(() => LineageGraph, { nullable: true })
  async lineage(
    @Root() dataset: DatasetType,
    @Arg('direction', () => LineageDirectionEnum, { defaultValue: 'BOTH' }) direction: TraceDirection,
    @Arg('depth', () => Int, { defaultValue: 3, description: 'Hops, a job counted as one: 1 to 20.' })
    depth: number,
    @Arg('maxNodes', () => Int, { defaultValue: 500, description: '1 to 2,000.' }) maxNodes: number,
    @Ctx() context: LineageContext,
  ): Promise<LineageGraph> {
    assertWithin('depth', depth, deepestWalk);
    assertWithin('maxNodes', maxNodes, mostNodes);
    const db = context.database.kysely;
    const trace = await traceLineage(
      (steps, way, perNode) => readEdges(db, steps, way, perNode),
      dataset.id,
      { direction, depth, maxNodes },
    );
    const [, ...others] = trace.nodes;
    const known = new Map((await findNodes(db, others)).map((node) => [node.id, toNode(node)]));
    return Object.assign(new LineageGraph(), {
      nodes: [dataset, ...others.flatMap((id) => known.get(id) ?? [])],
      edges: trace.edges.map((edge) => Object.assign(new LineageEdge(), edge)),
      truncated: trace.truncated,
    });
  }

  @FieldResolver(() => [DatasetField], {
    nullable: true,
    description: 'Columns, by the newest schema facet.',
  })
  async schemaFields(@Root() dataset: DatasetType, @Ctx() context: LineageContext): Promise<DatasetField[]> {
    const fields = readSchemaFields(await loadFacets(context, dataset.id));
    return fields.map((field) => Object.assign(new DatasetField(), field));
  }

  @FieldResolver(() => [DatasetTag], { nullable: true, description: 'Tags, by the newest tag facets.' })
  async tags(@Root() dataset: DatasetType, @Ctx() context: LineageContext): Promise<DatasetTag[]> {
    const tags = readTags(await loadFacets(context, dataset.id));
    return tags.map((tag) => Object.assign(new DatasetTag(), tag));
  }

  @FieldResolver(() => String, { nullable: true, description: 'Where it lives, as its events say.' })
  async region(@Root() dataset: DatasetType, @Ctx() context: LineageContext): Promise<string | null> {
    return readRegion(await loadFacets(context, dataset.id));
  }

  @Sensitive()
  @FieldResolver(() => JSONValue, { nullable: true, description: 'Its OpenLineage facets, by key.' })
  async facets(@Root() dataset: DatasetType, @Ctx() context: LineageContext): Promise<unknown> {
    return await loadFacets(context, dataset.id);
  }

  @FieldResolver(() => RunType, { nullable: true, description: 'The run that last read or wrote it.' })
  async latestRun(@Root() dataset: DatasetType, @Ctx() context: LineageContext): Promise<RunType | null> {
    const run = await loadLatestRunOfDataset(context, dataset.id);
    return run === null ? null : toRun(run);
  }
}

function assertWithin(argument: string, value: number, most: number): void {
  if (value >= 1 && value <= most) return;
  throw new Problem('INPUT_INVALID', `${argument} must be 1 to ${most}`, { path: argument });
}
