import 'reflect-metadata';
import { connectionType } from '@spine/platform/graphql/connection';
import { DateTime } from '@spine/platform/graphql/scalars';
import { Directive, Field, Int, ObjectType, registerEnumType } from 'type-graphql';

export const MatrixStatusEnum = { DRAFT: 'DRAFT', ACTIVE: 'ACTIVE', SUPERSEDED: 'SUPERSEDED' } as const;
export type MatrixStatus = keyof typeof MatrixStatusEnum;
registerEnumType(MatrixStatusEnum, {
  name: 'MatrixStatus',
  description: 'A DRAFT waits for Security; the ACTIVE one decides; a SUPERSEDED one was replaced.',
});

export const VerdictEnum = {
  ALLOW: 'allow',
  ALLOW_WITH_OBLIGATIONS: 'allow_with_obligations',
  DENY: 'deny',
} as const;
registerEnumType(VerdictEnum, { name: 'Verdict', description: 'What the gate answered.' });

@ObjectType({ description: 'What an allow demands of fields: drop, tokenise, hash, mask or truncate.' })
export class Obligation {
  @Field(() => String)
  type!: string;

  @Field(() => [String])
  fields!: readonly string[];

  @Field(() => String, { nullable: true, description: '`format` where tokens keep that of their values.' })
  keep?: string;

  @Field(() => Int, { nullable: true, description: 'Characters that truncate leaves.' })
  to?: number;
}

@ObjectType({ description: 'What a matrix says of one cell.' })
export class MatrixCell {
  @Field(() => VerdictEnum)
  verdict!: string;

  @Field(() => String)
  reason!: string;

  @Field(() => String)
  dataClass!: string;

  @Field(() => [Obligation])
  obligations!: readonly Obligation[];
}

@ObjectType({
  description: 'A cell, dataset pattern to sink, whose effect or obligations a version changed.',
})
export class MatrixChange {
  @Field(() => String)
  dataset!: string;

  @Field(() => String)
  sink!: string;

  @Field(() => String, { nullable: true, description: 'Region of the source.' })
  from!: string | null;

  @Field(() => String, { nullable: true, description: 'Region of the sink.' })
  to!: string | null;

  @Field(() => MatrixCell, { nullable: true, description: 'Null: there was no matrix before.' })
  before!: MatrixCell | null;

  @Field(() => MatrixCell)
  after!: MatrixCell;
}

@ObjectType('MatrixVersion', { description: 'One version of the residency matrix; it never changes.' })
@Directive('@key(fields: "version")')
export class MatrixVersionType {
  @Field(() => Int)
  version!: number;

  @Field(() => String, { description: 'Content address: sha256 of the canonical document.' })
  digest!: string;

  @Field(() => DateTime)
  createdAt!: Date;

  @Field(() => String)
  createdBy!: string;

  @Field(() => DateTime, { nullable: true })
  signedAt!: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'Who signed; `dev` while no authentication is configured.',
  })
  signedBy!: string | null;

  @Field(() => String, { nullable: true, description: 'In which role: security, or dev.' })
  signedAs!: string | null;

  @Field(() => [MatrixChange], {
    description: 'What it changed against the version in force when it was applied.',
  })
  changes!: readonly MatrixChange[];
}

/** `matrixVersions(first, after)`. */
export const MatrixVersionConnection = connectionType(MatrixVersionType, 'MatrixVersion');
