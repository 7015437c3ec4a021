import { Directive, Field, InterfaceType, ObjectType } from 'type-graphql';
import { Cursor } from './scalars.ts';

/** Relay's page information; the same in every subgraph. */
@ObjectType()
@Directive('@shareable')
export class PageInfo {
  @Field(() => Boolean)
  hasNextPage!: boolean;

  @Field(() => Boolean)
  hasPreviousPage!: boolean;

  @Field(() => Cursor, { nullable: true })
  startCursor!: string | null;

  @Field(() => Cursor, { nullable: true })
  endCursor!: string | null;
}

/** What every expected failure of a mutation tells. */
@InterfaceType({
  resolveType: (value: { readonly constructor: { readonly name: string } }) => value.constructor.name,
})
export abstract class UserError {
  @Field(() => String)
  code!: string;

  @Field(() => String)
  message!: string;

  /** Path of the input member at fault. */
  @Field(() => [String], { nullable: true })
  path!: readonly string[] | null;
}

/** The input was not of the documented shape. */
@ObjectType({ implements: UserError })
@Directive('@shareable')
export class InvalidInput extends UserError {}

/** What the input names does not exist. */
@ObjectType({ implements: UserError })
@Directive('@shareable')
export class NotFound extends UserError {}

/** The principal may not do this. */
@ObjectType({ implements: UserError })
@Directive('@shareable')
export class Forbidden extends UserError {}
