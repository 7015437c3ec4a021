import { Problem } from '@spine/kernel/problem';
import type { Profile } from '../check-rules.ts';
import type { AvroField, AvroRecord, AvroSchema, AvroUnion, ResolvedType } from './avro-schema.ts';
import { type Branch, createBranchFinder } from './reader-branches.ts';

/** Well under a second of work: a comparison must not hold up everybody else. */
const maxWork = 400_000;

/** A reader's and a writer's type. */
export interface TypePair {
  readonly reader: ResolvedType;
  readonly writer: ResolvedType;
}

/** Two schemas that are held against each other, and how. */
export interface Comparison {
  readonly reader: AvroSchema;
  readonly writer: AvroSchema;
  /** `confluent`: as the Java implementation compares, which looks at bytes only. `strict`: logical types count, too. */
  readonly profile: Profile;
  /** The branches of a reader's union that could read a writer's type by what it is and what it is called. */
  branchesFor(union: AvroUnion, writer: ResolvedType): readonly Branch[];
  /** The fields of a writer's record by name. */
  fieldsOf(record: AvroRecord): ReadonlyMap<string, AvroField>;
  /** Called with the amount of every step. Throws SCHEMA_TOO_COMPLEX when the work gets out of hand. */
  spend(amount: number): void;
}

/** Two schemas ready to be compared. */
export function createComparison(reader: AvroSchema, writer: AvroSchema, profile: Profile): Comparison {
  const fields = new Map<AvroRecord, ReadonlyMap<string, AvroField>>();
  let work = 0;
  return {
    reader,
    writer,
    profile,
    branchesFor: createBranchFinder(reader, profile),
    fieldsOf(record) {
      const known = fields.get(record) ?? new Map(record.fields.map((field) => [field.name, field]));
      fields.set(record, known);
      return known;
    },
    spend(amount) {
      work += amount;
      if (work <= maxWork) return;
      throw new Problem(
        'SCHEMA_TOO_COMPLEX',
        'the schema is too large to compare with another version of it',
        {
          fix: 'use fewer branches in its unions, or split the schema',
        },
      );
    },
  };
}
