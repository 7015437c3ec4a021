import { roles } from '@spine/kernel/role';
import { type Connection, pageArgs, toConnection } from '@spine/platform/graphql/connection';
import { Cursor, JSONValue } from '@spine/platform/graphql/scalars';
import { Sensitive } from '@spine/platform/graphql/sensitive';
import { Arg, Authorized, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { nodeId } from '../../domain/entity-ids.ts';
import { listNodes, nodeKeyset, nodePosition } from '../../store/nodes.ts';
import { runKeyset } from '../../store/runs.ts';
import type { LineageContext } from './lineage-context.ts';
import {
  DatasetConnection,
  type DatasetType,
  JobConnection,
  JobType,
  RunConnection,
  RunType,
} from './lineage-types.ts';
import { loadDatasetsOf, loadFacets, loadNode, loadRunsOfJob } from './loaders.ts';
import { toDataset, toJob, toRun } from './to-graph.ts';

@Resolver(() => JobType)
export class JobResolver {
  @Authorized(...roles)
  @Query(() => JobType, { nullable: true, description: 'A job that some event has named, or null.' })
  async job(
    @Arg('namespace', () => String) namespace: string,
    @Arg('name', () => String) name: string,
    @Ctx() context: LineageContext,
  ): Promise<JobType | null> {
    const node = await loadNode(context, nodeId('job', namespace, name));
    return node === null ? null : toJob(node);
  }

  @Authorized(...roles)
  @Query(() => JobConnection, { description: 'Every job, by namespace and name.' })
  async jobs(
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => Cursor, { nullable: true }) after: string | null,
    @Ctx() context: LineageContext,
  ): Promise<Connection<JobType>> {
    const page = pageArgs(first, after, 3);
    const position = page.after === undefined ? null : nodePosition(page.after);
    const rows = await listNodes(context.database.kysely, 'job', page.limit, position);
    return toConnection(page, rows, { node: toJob, keyset: nodeKeyset });
  }

  @FieldResolver(() => RunType, { nullable: true, description: 'The run whose first event is the newest.' })
  async latestRun(@Root() job: JobType, @Ctx() context: LineageContext): Promise<RunType | null> {
    const [run] = await loadRunsOfJob(context, { limit: 1, after: undefined }, job.id);
    return run === undefined ? null : toRun(run);
  }

  @FieldResolver(() => RunConnection, { nullable: true, description: 'Newest first.' })
  async runs(
    @Root() job: JobType,
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => Cursor, { nullable: true }) after: string | null,
    @Ctx() context: LineageContext,
  ): Promise<Connection<RunType>> {
    const page = pageArgs(first, after, 2);
    const rows = await loadRunsOfJob(context, page, job.id);
    return toConnection(page, rows, { node: toRun, keyset: runKeyset });
  }

  @FieldResolver(() => DatasetConnection, { nullable: true, description: 'What it has ever read.' })
  async inputs(
    @Root() job: JobType,
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => Cursor, { nullable: true }) after: string | null,
    @Ctx() context: LineageContext,
  ): Promise<Connection<DatasetType>> {
    const page = pageArgs(first, after, 3);
    const rows = await loadDatasetsOf(context, { of: 'job', direction: 'input' }, page, job.id);
    return toConnection(page, rows, { node: toDataset, keyset: nodeKeyset });
  }

  @FieldResolver(() => DatasetConnection, { nullable: true, description: 'What it has ever written.' })
  async outputs(
    @Root() job: JobType,
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => Cursor, { nullable: true }) after: string | null,
    @Ctx() context: LineageContext,
  ): Promise<Connection<DatasetType>> {
    const page = pageArgs(first, after, 3);
    const rows = await loadDatasetsOf(context, { of: 'job', direction: 'output' }, page, job.id);
    return toConnection(page, rows, { node: toDataset, keyset: nodeKeyset });
  }

  @Sensitive()
  @FieldResolver(() => JSONValue, { nullable: true, description: 'Its OpenLineage facets, by key.' })
  async facets(@Root() job: JobType, @Ctx() context: LineageContext): Promise<unknown> {
    return await loadFacets(context, job.id);
  }
}
