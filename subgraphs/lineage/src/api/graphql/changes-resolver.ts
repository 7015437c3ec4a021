import { roles } from '@spine/kernel/role';
import { mapStream } from '@spine/platform/graphql/map-stream';
import { Cursor } from '@spine/platform/graphql/scalars';
import type { StreamItemFields } from '@spine/platform/graphql/stream-item-types';
import { Arg, Authorized, Ctx, FieldResolver, Resolver, Root, Subscription } from 'type-graphql';
import type { GraphChange } from '../../domain/graph-change.ts';
import type { LineageContext } from './lineage-context.ts';
import { LineageChanged, lineageStream, RunType } from './lineage-types.ts';
import { findRun } from './run-resolver.ts';
import { toDataset, toJob } from './to-graph.ts';

interface SubscribeTo {
  readonly args: { readonly after?: string | null };
  readonly context: LineageContext;
}

@Resolver(() => LineageChanged)
export class ChangesResolver {
  @Authorized(...roles)
  @Subscription(() => lineageStream.interfaces.LineageStreamItem, {
    description: 'Accepted events in the order of their commits; `after` takes it up where it was left.',
    subscribe: ({ args, context }: SubscribeTo) =>
      mapStream(context.changes.subscribe({ after: args.after ?? undefined }), lineageStream, toItem),
  })
  lineageChanges(
    @Arg('after', () => Cursor, { nullable: true }) _after: string | null,
    @Root() item: StreamItemFields,
  ): StreamItemFields {
    return item;
  }

  @FieldResolver(() => RunType, { nullable: true })
  async run(@Root() { runId }: ChangeItem, @Ctx() context: LineageContext): Promise<RunType | null> {
    return runId === null ? null : await findRun(context, runId);
  }
}

/** The run is looked up only when it is asked for. */
class ChangeItem extends LineageChanged {
  runId!: string | null;
}

function toItem({ eventTime, runId, nodes }: GraphChange, cursor: string): ChangeItem {
  const job = nodes.find(({ kind }) => kind === 'job');
  return Object.assign(new ChangeItem(), {
    cursor,
    at: new Date(eventTime),
    runId,
    job: job === undefined ? null : toJob(job),
    datasets: nodes.filter(({ kind }) => kind === 'dataset').map(toDataset),
  });
}
