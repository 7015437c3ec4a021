import 'reflect-metadata';
import { connectionType } from '@spine/platform/graphql/connection';
import { DateTime } from '@spine/platform/graphql/scalars';
import { Sensitive } from '@spine/platform/graphql/sensitive';
import { Directive, Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { Obligation, VerdictEnum } from './matrix-types.ts';
import { DatasetType, RouteType } from './stub-types.ts';

@ObjectType('Decision', { description: 'What the gate decided on one table of one batch.' })
@Directive('@key(fields: "id")')
@Sensitive()
export class DecisionType {
  @Field(() => ID, { description: 'Its place in the ledger: entry, then position.' })
  id!: string;

  @Field(() => VerdictEnum)
  verdict!: string;

  @Field(() => String, { description: 'A code, then which.' })
  reason!: string;

  @Field(() => [String])
  ruleIds!: readonly string[];

  @Field(() => [Obligation])
  obligations!: readonly Obligation[];

  @Field(() => String)
  dataClass!: string;

  @Field(() => [String])
  tags!: readonly string[];

  @Field(() => String, { description: 'batch, snapshot, or admission (at the start of a route).' })
  kind!: string;

  @Field(() => String)
  batchId!: string;

  @Field(() => RouteType, { nullable: true })
  route!: RouteType | null;

  @Field(() => String)
  routeName!: string;

  @Field(() => String)
  source!: string;

  @Field(() => String)
  sink!: string;

  @Field(() => String, { nullable: true })
  sourceRegion!: string | null;

  @Field(() => String, { nullable: true })
  sinkRegion!: string | null;

  @Field(() => DatasetType, { nullable: true })
  dataset!: DatasetType | null;

  @Field(() => DatasetType, { nullable: true })
  sinkDataset!: DatasetType | null;

  @Field(() => String, { description: 'Source, schema and table as spine.yaml names them.' })
  logicalName!: string;

  @Field(() => Int, { nullable: true, description: 'Version of the contract it was decided with.' })
  schemaVersion!: number | null;

  @Field(() => Float)
  rows!: number;

  @Field(() => Float)
  rowsWithheld!: number;

  @Field(() => Int)
  matrixVersion!: number;

  @Field(() => DateTime)
  decidedAt!: Date;

  @Field(() => Boolean, { description: 'Whether the batch was decided anew; the later decision counts.' })
  superseded!: boolean;
}

/** `decisions(first, after)`. */
export const DecisionConnection = connectionType(DecisionType, 'Decision');

@ObjectType({ description: 'The end of the hash chain of decisions.' })
export class LedgerHead {
  @Field(() => Float, { description: 'Number of the last entry; 0 while there is none.' })
  seq!: number;

  @Field(() => String)
  hash!: string;

  @Field(() => DateTime, { nullable: true })
  at!: Date | null;
}
