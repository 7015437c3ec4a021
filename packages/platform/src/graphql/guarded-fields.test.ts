import 'reflect-metadata';
import { Authorized, Field, FieldResolver, ObjectType, Query, Resolver, UseMiddleware } from 'type-graphql';
import { expect, test } from 'vitest';
import { buildSubgraph } from './build-subgraph.ts';
import { findUnguardedFields } from './guarded-fields.ts';

test('a guard on a simple field, which would never run, is found and no subgraph is built with it', async () => {
  @ObjectType({ simpleResolvers: true })
  class Guarded {
    @Field(() => String)
    open!: string;

    @Authorized('security')
    @Field(() => String)
    secret!: string;

    @UseMiddleware((_data, next) => next())
    @Field(() => String)
    watched!: string;

    @Authorized('security')
    @Field(() => String)
    resolved!: string;
  }

  @ObjectType()
  class Careful {
    @Authorized('security')
    @Field(() => String)
    checked!: string;

    @Authorized('security')
    @Field(() => String, { simple: true })
    unchecked!: string;
  }

  @Resolver(() => Guarded)
  class GuardedResolver {
    @Query(() => Careful)
    careful(): Careful {
      return new Careful();
    }

    @Authorized('security')
    @FieldResolver(() => String)
    resolved(): string {
      return '';
    }
  }

  expect(findUnguardedFields()).toEqual(['Guarded.secret', 'Guarded.watched', 'Careful.unchecked']);
  await expect(buildSubgraph({ name: 'lab', resolvers: [GuardedResolver] })).rejects.toThrow(
    'Guarded.secret',
  );
});
