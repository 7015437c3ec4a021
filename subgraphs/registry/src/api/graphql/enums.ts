import 'reflect-metadata';
import { registerEnumType } from 'type-graphql';
import { directions } from '../../domain/check-report.ts';
import { compatibilityLevels } from '../../domain/compatibility-level.ts';
import { incompatibilityKinds } from '../../domain/incompatibility.ts';
import { schemaTypes } from '../../domain/schema-type.ts';
import { bumps } from '../../domain/semver.ts';

/** GraphQL enums of the registry; their names in the graph are the words of the domain. */
export const CompatibilityLevelEnum = enumOf('CompatibilityLevel', compatibilityLevels, {
  description: 'What a subject promises between its versions; _TRANSITIVE: to all of the line.',
});
export const BumpEnum = enumOf('Bump', bumps, {
  description: 'How much a version differs from the one before it in its line.',
});
export const SchemaTypeEnum = enumOf('SchemaType', schemaTypes, {
  description: 'Format of a schema. Only AVRO is supported in this version.',
});
export const DirectionEnum = enumOf('CompatibilityDirection', directions, {
  description: 'BACKWARD: the new schema over old data. FORWARD: an old schema over new data.',
});
export const IncompatibilityKindEnum = enumOf('IncompatibilityKind', incompatibilityKinds, {
  description: 'What a breach between a reader and a writer schema is.',
});

function enumOf<Word extends string>(
  name: string,
  words: readonly Word[],
  { description }: { readonly description: string },
): Readonly<Record<string, Word>> {
  const values = Object.fromEntries(words.map((word) => [word, word]));
  registerEnumType(values, { name, description });
  return values;
}
