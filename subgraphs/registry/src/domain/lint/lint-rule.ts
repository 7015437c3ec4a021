import type { AvroText } from '../outline/avro-definition.ts';
import type { Subschema } from '../outline/json-schema-text.ts';
import type { SchemaOutline } from '../outline/schema-outline.ts';
import type { ProtobufSchema } from '../protobuf/protobuf-schema.ts';
import type { LintFix, Severity } from './lint-finding.ts';
import type { LintInput } from './lint-input.ts';

/** What a rule has against one place of a schema. */
export interface Complaint {
  readonly path: string;
  readonly message: string;
  readonly fix?: LintFix;
}

/** What every rule says of itself. `docs/lint-rules.md` has an example of each; a test keeps the two equal. */
interface RuleHead {
  /** Stable: subjects set severities by it. Those of Protobuf are buf's where buf has the rule. */
  readonly id: string;
  /** Where the subject sets none. An error is a defect whatever the taste of the house. */
  readonly severity: Severity;
  /** What the rule demands, in one sentence. */
  readonly summary: string;
}

export interface AvroRule extends RuleHead {
  readonly format: 'AVRO';
  check(schema: AvroText, previous: AvroText | undefined): readonly Complaint[];
}

export interface JsonSchemaRule extends RuleHead {
  readonly format: 'JSON';
  /** Every schema of the document, outer ones first: the first is the root. */
  check(schemas: readonly Subschema[], previous: readonly Subschema[] | undefined): readonly Complaint[];
}

export interface ProtobufRule extends RuleHead {
  readonly format: 'PROTOBUF';
  /** The text is that of a descriptor where the schema came as one. */
  check(schema: ProtobufSchema, text: string, previous: ProtobufSchema | undefined): readonly Complaint[];
}

/** A rule for schemas of every format: about what is said beside the text. */
export interface GovernanceRule extends RuleHead {
  readonly format: 'ANY';
  check(input: LintInput, outline: SchemaOutline): readonly Complaint[];
}

export type LintRule = AvroRule | JsonSchemaRule | ProtobufRule | GovernanceRule;
