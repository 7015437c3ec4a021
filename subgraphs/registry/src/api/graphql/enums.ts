import 'reflect-metadata';
import { registerEnumType } from 'type-graphql';
import { changeKinds } from '../../domain/changelog/schema-change.ts';
import { directions } from '../../domain/check-report.ts';
import { axes, policies, profiles } from '../../domain/check-rules.ts';
import { compatibilityLevels } from '../../domain/compatibility-level.ts';
import { incompatibilityKinds } from '../../domain/incompatibility.ts';
import { severities } from '../../domain/lint/lint-finding.ts';
import { partKinds } from '../../domain/outline/schema-part.ts';
import { schemaTypes } from '../../domain/schema-type.ts';
import { bumps } from '../../domain/semver.ts';
import { usageRoles } from '../../domain/usage.ts';

/** GraphQL enums of the registry; their names in the graph are the words of the domain, in capitals. */
export const CompatibilityLevelEnum = enumOf('CompatibilityLevel', compatibilityLevels, {
  description: 'What a subject promises between its versions; _TRANSITIVE: to all of the line.',
});
export const BumpEnum = enumOf('Bump', bumps, {
  description: 'How much a version differs from the one before it in its line.',
});
export const SchemaTypeEnum = enumOf('SchemaType', schemaTypes, { description: 'Format of a schema.' });
export const DirectionEnum = enumOf('CompatibilityDirection', directions, {
  description: 'BACKWARD: the new schema over old data. FORWARD: an old schema over new data.',
});
export const IncompatibilityKindEnum = enumOf('IncompatibilityKind', incompatibilityKinds, {
  description: 'What a breach between a reader and a writer schema is.',
});
export const CheckProfileEnum = enumOf('CheckProfile', profiles, {
  description:
    'Whose word counts where the field disagrees. CONFLUENT: that of Kafka clients. STRICT: logical types count, and every Protobuf breach says what it breaks.',
});
export const CompatibilityAxisEnum = enumOf('CompatibilityAxis', axes, {
  description: 'What a Protobuf change can break: bytes, the JSON form, generated code.',
});
export const OpenContentPolicyEnum = enumOf('OpenContentPolicy', policies, {
  description:
    'How a JSON Schema that allows more properties is held: to the letter, or as most people mean it.',
});
export const UsageRoleEnum = enumOf('UsageRole', usageRoles, {
  description: 'What somebody does with a subject: write its data, or read it.',
});
export const LintSeverityEnum = enumOf('LintSeverity', severities, {
  description: 'How much a finding weighs: an ERROR stops a publish, a WARNING is told.',
});
export const SchemaChangeKindEnum = enumOf('SchemaChangeKind', changeKinds, {
  description:
    'What happened to a part of a schema. BREACH: a breach with an older version that no change of this one explains.',
});
export const SchemaPartEnum = enumOf('SchemaPart', partKinds, {
  description: 'What a part of a schema is; GOVERNANCE: what a version says about its data beside the shape.',
});

function enumOf<Word extends string>(
  name: string,
  words: readonly Word[],
  { description }: { readonly description: string },
): Readonly<Record<string, Word>> {
  const values = Object.fromEntries(words.map((word) => [word.toUpperCase(), word]));
  registerEnumType(values, { name, description });
  return values;
}
