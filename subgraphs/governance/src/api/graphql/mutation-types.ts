import 'reflect-metadata';
import { Forbidden, InvalidInput, NotFound, UserError } from '@spine/platform/graphql/shared-types';
import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { MatrixVersionType } from './matrix-types.ts';
import { ViolationType } from './violation-types.ts';

@InputType()
export class AcknowledgeViolationInput {
  @Field(() => String, { description: 'The same key again gets the same answer.' })
  idempotencyKey!: string;

  @Field(() => ID)
  id!: string;

  @Field(() => String, { description: 'What was seen and is being done; required.' })
  comment!: string;
}

@ObjectType({ description: 'The violation is acknowledged.' })
export class ViolationAcknowledged {
  @Field(() => ViolationType)
  violation!: ViolationType;
}

export const AcknowledgeViolationResult = createUnionType({
  name: 'AcknowledgeViolationResult',
  types: () => [ViolationAcknowledged, NotFound, InvalidInput, Forbidden] as const,
});

@InputType()
export class SignMatrixInput {
  @Field(() => String, { description: 'The same key again gets the same answer.' })
  idempotencyKey!: string;

  @Field(() => Int)
  version!: number;

  @Field(() => String, { description: 'The digest that was reviewed.' })
  digest!: string;
}

@ObjectType({ description: 'The version is signed, and in force.' })
export class MatrixSigned {
  @Field(() => MatrixVersionType)
  matrix!: MatrixVersionType;
}

@ObjectType({ implements: UserError, description: 'The version cannot be signed.' })
export class MatrixNotSignable extends UserError {}

export const SignMatrixResult = createUnionType({
  name: 'SignMatrixResult',
  types: () => [MatrixSigned, MatrixNotSignable, NotFound, InvalidInput, Forbidden] as const,
});
