import 'reflect-metadata';
import { Directive, Field, ID, ObjectType } from 'type-graphql';

@ObjectType('Dataset', { description: 'Named data; owned by lineage, extended here.' })
@Directive('@key(fields: "namespace name")')
export class DatasetType {
  @Field(() => String)
  namespace!: string;

  @Field(() => String)
  name!: string;
}

@ObjectType('Route', { description: 'A route; owned by cdc.' })
@Directive('@key(fields: "name", resolvable: false)')
export class RouteType {
  @Field(() => ID)
  name!: string;
}
