import 'reflect-metadata';
import { Directive, Field, InterfaceType, ObjectType } from 'type-graphql';
import { Cursor } from './scalars.ts';

/** Where a page of a connection begins and ends. */
@Directive('@shareable')
@ObjectType({ description: 'Where a page begins and ends.' })
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

/**
 * What every expected failure of a mutation says. Its implementations are not registered by themselves: services that
 * share a process would find each other's in their schema.
 */
@InterfaceType({
  description: 'What every expected failure of a mutation says.',
  autoRegisterImplementations: false,
})
export abstract class UserError {
  @Field(() => String, { description: 'A documented problem code.' })
  code!: string;

  @Field(() => String)
  message!: string;

  @Field(() => [String], { nullable: true, description: 'Where in the input.' })
  path!: string[] | null;
}

/** The input was refused. */
@Directive('@shareable')
@ObjectType({ implements: UserError, description: 'The input was refused.' })
export class InvalidInput extends UserError {}

/** What the input names is not there. */
@Directive('@shareable')
@ObjectType({ implements: UserError, description: 'What the input names is not there.' })
export class NotFound extends UserError {}

/** The principal may not do this. */
@Directive('@shareable')
@ObjectType({ implements: UserError, description: 'The principal may not do this.' })
export class Forbidden extends UserError {}
