import { connectionType } from '@spine/platform/graphql/connection';
import { DateTime } from '@spine/platform/graphql/scalars';
import { StreamItemFields, streamItemTypes } from '@spine/platform/graphql/stream-item-types';
import { Directive, Field, ID, InterfaceType, ObjectType, registerEnumType } from 'type-graphql';
import type { RunState } from '../../domain/run-state.ts';
import type { TraceDirection } from '../../usecases/trace-lineage.ts';

/** GraphQL names of the run states: OpenLineage's event types. */
export const RunStateEnum = {
  OTHER: 'OTHER',
  START: 'START',
  RUNNING: 'RUNNING',
  COMPLETE: 'COMPLETE',
  FAIL: 'FAIL',
  ABORT: 'ABORT',
} as const satisfies Record<RunState, RunState>;
registerEnumType(RunStateEnum, {
  name: 'RunState',
  description: 'The furthest that any event of the run reported; an end is never taken back.',
});

/** Which way to walk. */
export const LineageDirectionEnum = {
  UPSTREAM: 'UPSTREAM',
  DOWNSTREAM: 'DOWNSTREAM',
  BOTH: 'BOTH',
} as const satisfies Record<TraceDirection, TraceDirection>;
registerEnumType(LineageDirectionEnum, {
  name: 'LineageDirection',
  description: 'Where the data came from, where it went, or both.',
});

@InterfaceType({ description: 'What the lineage graph connects. Edges name it by its id.' })
export abstract class LineageNode {
  @Field(() => ID)
  id!: string;
}

@ObjectType('Dataset', {
  implements: LineageNode,
  description: 'Named data, by the OpenLineage naming rules.',
})
@Directive('@key(fields: "namespace name")')
export class DatasetType extends LineageNode {
  @Field(() => String)
  namespace!: string;

  @Field(() => String)
  name!: string;
}

@ObjectType('Job', { implements: LineageNode, description: 'A process that reads and writes datasets.' })
@Directive('@key(fields: "namespace name")')
export class JobType extends LineageNode {
  @Field(() => String)
  namespace!: string;

  @Field(() => String)
  name!: string;
}

@ObjectType('Run', { description: 'One execution of a job.' })
@Directive('@key(fields: "id")')
export class RunType {
  @Field(() => ID)
  id!: string;

  /** Not in the graph: how its job is found. */
  jobId!: string;

  @Field(() => RunStateEnum)
  state!: RunState;

  @Field(() => DateTime, { nullable: true, description: 'The earliest START; null when none was sent.' })
  startedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Null while it runs.' })
  endedAt!: Date | null;
}

@ObjectType({ description: 'A column of a dataset.' })
export class DatasetField {
  @Field(() => String, { description: 'Dotted for nested columns.' })
  path!: string;

  @Field(() => String, { nullable: true, description: 'As the system that holds it spells it.' })
  type!: string | null;

  @Field(() => String, { nullable: true })
  description!: string | null;
}

@ObjectType({ description: 'A tag of a dataset, or of one of its fields.' })
export class DatasetTag {
  @Field(() => String)
  key!: string;

  @Field(() => String)
  value!: string;

  @Field(() => String, { nullable: true, description: 'Null for the dataset as a whole.' })
  field!: string | null;

  @Field(() => String, { nullable: true, description: 'Who says so.' })
  source!: string | null;
}

@ObjectType({ description: 'Data flows from one node to another.' })
export class LineageEdge {
  @Field(() => ID)
  from!: string;

  @Field(() => ID)
  to!: string;
}

@ObjectType({ description: 'The part of the graph around a dataset.' })
export class LineageGraph {
  @Field(() => [LineageNode], { description: 'The dataset itself first.' })
  nodes!: LineageNode[];

  @Field(() => [LineageEdge])
  edges!: LineageEdge[];

  @Field(() => Boolean, { description: 'Whether a cap on nodes or edges cut off a part within the depth.' })
  truncated!: boolean;
}

/** The stream types of this subgraph. */
export const lineageStream = streamItemTypes('LineageStreamItem');

@ObjectType({
  implements: lineageStream.interfaces.LineageStreamItem,
  description: 'An event was accepted, and what it names may have changed.',
})
export class LineageChanged extends StreamItemFields {
  @Field(() => DateTime, { description: 'When it happened, by its producer.' })
  at!: Date;

  @Field(() => RunType, { nullable: true, description: 'As it stands now.' })
  run!: RunType | null;

  @Field(() => JobType, { nullable: true })
  job!: JobType | null;

  @Field(() => [DatasetType])
  datasets!: DatasetType[];
}

/** `datasets(first, after)`. */
export const DatasetConnection = connectionType(DatasetType, 'Dataset');
/** `jobs(first, after)`. */
export const JobConnection = connectionType(JobType, 'Job');
/** `Job.runs(first, after)`. */
export const RunConnection = connectionType(RunType, 'Run');
