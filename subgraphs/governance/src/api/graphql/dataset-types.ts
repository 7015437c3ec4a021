import 'reflect-metadata';
import { Field, ObjectType } from 'type-graphql';

@ObjectType({ description: 'Tags of one field of a dataset.' })
export class ClassifiedField {
  @Field(() => String)
  path!: string;

  @Field(() => [String])
  tags!: readonly string[];
}

@ObjectType({ description: 'What the inventory of the active matrix says of a dataset.' })
export class DatasetClassification {
  @Field(() => String, { nullable: true, description: 'Null: unknown, and unknown is denied.' })
  dataClass!: string | null;

  @Field(() => [String], { description: 'Union of the tags of its fields.' })
  tags!: readonly string[];

  @Field(() => [ClassifiedField])
  fields!: readonly ClassifiedField[];
}

@ObjectType({ description: 'Where a dataset lives, and what was decided on it.' })
export class DatasetResidency {
  @Field(() => String, {
    nullable: true,
    description: 'Null when no source or sink of the active matrix holds it.',
  })
  region!: string | null;

  @Field(() => String, { nullable: true, description: 'Whose law applies there: EU, EEA, UK, or a country.' })
  jurisdiction!: string | null;

  /** For the resolver of `decisions`, not a field. */
  namespace!: string;
  /** For the resolver of `decisions`, not a field. */
  name!: string;
  /** Which decisions are its own: those it leaves by, or at a sink those it arrived by. */
  side!: 'source' | 'sink';
}
