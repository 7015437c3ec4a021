import { roles } from '@spine/kernel/role';
import { type Connection, pageArgs, toConnection } from '@spine/platform/graphql/connection';
import { Cursor, JSONValue } from '@spine/platform/graphql/scalars';
import { Sensitive } from '@spine/platform/graphql/sensitive';
import { Arg, Authorized, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { runIdOf } from '../../domain/entity-ids.ts';
import { nodeKeyset } from '../../store/nodes.ts';
import type { LineageContext } from './lineage-context.ts';
import { DatasetConnection, type DatasetType, JobType, RunType } from './lineage-types.ts';
import { loadDatasetsOf, loadFacets, loadNode, loadRun } from './loaders.ts';
import { toDataset, toJob, toRun } from './to-graph.ts';

@Resolver(() => RunType)
export class RunResolver {
  @Authorized(...roles)
  @Query(() => RunType, {
    nullable: true,
    description: 'A run by the id that its producer gave it, or null.',
  })
  async run(@Arg('id', () => ID) id: string, @Ctx() context: LineageContext): Promise<RunType | null> {
    return await findRun(context, id);
  }

  @FieldResolver(() => JobType, { nullable: true })
  async job(@Root() run: RunType, @Ctx() context: LineageContext): Promise<JobType | null> {
    const node = await loadNode(context, run.jobId);
    return node === null ? null : toJob(node);
  }

  @FieldResolver(() => DatasetConnection, { nullable: true, description: 'What it has read so far.' })
  async inputs(
    @Root() run: RunType,
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => Cursor, { nullable: true }) after: string | null,
    @Ctx() context: LineageContext,
  ): Promise<Connection<DatasetType>> {
    const page = pageArgs(first, after, 3);
    const rows = await loadDatasetsOf(context, { of: 'run', direction: 'input' }, page, run.id);
    return toConnection(page, rows, { node: toDataset, keyset: nodeKeyset });
  }

  @FieldResolver(() => DatasetConnection, { nullable: true, description: 'What it has written so far.' })
  async outputs(
    @Root() run: RunType,
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => Cursor, { nullable: true }) after: string | null,
    @Ctx() context: LineageContext,
  ): Promise<Connection<DatasetType>> {
    const page = pageArgs(first, after, 3);
    const rows = await loadDatasetsOf(context, { of: 'run', direction: 'output' }, page, run.id);
    return toConnection(page, rows, { node: toDataset, keyset: nodeKeyset });
  }

  @Sensitive()
  @FieldResolver(() => JSONValue, { nullable: true, description: 'Its OpenLineage facets, by key.' })
  async facets(@Root() run: RunType, @Ctx() context: LineageContext): Promise<unknown> {
    return await loadFacets(context, run.id);
  }
}

/** A run as the graph shows it, or null. */
export async function findRun(context: LineageContext, id: string): Promise<RunType | null> {
  const run = await loadRun(context, runIdOf(id));
  return run === null ? null : toRun(run);
}
