import { Problem } from '@spine/kernel/problem';
import { ConfluentError, invalidSchema, schemaTooLarge } from '../../domain/confluent/confluent-error.ts';
import { qualifySubject, splitSubject } from '../../domain/confluent/qualified-subject.ts';
import { assertRuleSet } from '../../domain/confluent/rule-set.ts';
import { type ComparableContent, normalForm, storedText } from '../../domain/confluent/same-content.ts';
import type { ParsedSchema } from '../../domain/parsed-schema.ts';
import { normalizeProtobuf } from '../../domain/protobuf/normalize-proto-file.ts';
import type { SchemaReference } from '../../domain/schema-reference.ts';
import type { JsonObject } from '../../domain/schema-source.ts';
import type { SchemaType } from '../../domain/schema-type.ts';
import { printProtobuf } from '../../formats/protobuf/print-protobuf.ts';
import { findLastRegistered } from '../../store/confluent-versions.ts';
import type { RegistryDeps } from '../registry-deps.ts';
import { resolveReferences } from '../resolve-references.ts';

/** A schema as a Kafka client hands it in. */
export interface HandedSchema {
  readonly type: SchemaType;
  readonly text: string;
  /** A version of -1 is the last one; subjects are meant in the context of the user. */
  readonly references: readonly SchemaReference[];
  readonly metadata: JsonObject | undefined;
  readonly ruleSet: JsonObject | undefined;
}

/** A schema that was read, its text in the form in which it is stored. */
export interface Candidate extends ComparableContent {
  readonly schema: ParsedSchema;
  /** Whether it came as a Protobuf descriptor, which knows neither comments nor layout. */
  readonly isDescriptor: boolean;
}

/** More than any broker would take with a message, and enough for the largest schemas that people have. */
const maxCharacters = 1024 * 1024;

/** Reads what is handed in for a subject. Throws 42201 for what cannot be read, 42209 for what is too large, 42210 for rules. */
export async function readCandidate(
  { database, schemas }: RegistryDeps,
  subject: string,
  handed: HandedSchema,
  { normalize = false }: { readonly normalize?: boolean } = {},
): Promise<Candidate> {
  const { type, metadata, ruleSet } = handed;
  if (handed.text.length > maxCharacters) throw schemaTooLarge();
  assertRuleSet(ruleSet);
  try {
    const references = await settleReferences(database.kysely, subject, handed.references);
    const dependencies = await resolveReferences(database.kysely, references);
    // Protobuf may come as a descriptor, in base64.
    const asText = type === 'PROTOBUF' ? printProtobuf(handed.text) : storedText(type, handed.text);
    const isDescriptor = type === 'PROTOBUF' && asText !== handed.text;
    const read = (text: string): Candidate => {
      const content = { type, text, references, metadata, ruleSet };
      return { ...content, schema: schemas.parse({ ...content, dependencies }), isDescriptor };
    };
    const candidate = read(asText);
    return normalize ? read(normalText(candidate.schema, candidate.text)) : candidate;
  } catch (error) {
    throw asInvalidSchema(error, type);
  }
}

/** The text of a schema that was read, in the form that `normalize` asks for: what says nothing is always said alike. */
function normalText(schema: ParsedSchema, text: string): string {
  return schema.type === 'PROTOBUF' ? normalizeProtobuf(schema.protobuf) : normalForm(schema.type, text);
}

/** A refusal of the text or of what it refers to, as a Kafka client hears it; anything else as it is. */
export function asInvalidSchema(error: unknown, type: SchemaType): unknown {
  if (error instanceof SyntaxError)
    return invalidSchema(`Invalid schema of type ${type}, details: it is not JSON`, error);
  if (!(error instanceof Problem) || !isAboutSchema(error)) return error;
  const at = error.path === undefined || error.path === '' ? '' : ` at ${error.path}`;
  return invalidSchema(`Invalid schema of type ${type}, details: ${error.message}${at}`, error);
}

function isAboutSchema({ code }: Problem): boolean {
  return (
    code === 'SCHEMA_INVALID' ||
    code === 'SCHEMA_TOO_COMPLEX' ||
    code === 'REFERENCE_UNKNOWN' ||
    code === 'NOT_SUPPORTED'
  );
}

async function settleReferences(
  db: RegistryDeps['database']['kysely'],
  subject: string,
  references: readonly SchemaReference[],
): Promise<readonly SchemaReference[]> {
  const { context } = splitSubject(subject);
  const settled: SchemaReference[] = [];
  for (const { name, subject: used, version } of references) {
    const qualified = qualifySubject(used, context);
    const position = version === -1 ? (await findLastRegistered(db, qualified))?.version : version;
    if (position === undefined) {
      throw new ConfluentError(
        422,
        42201,
        `No schema reference found for subject "${used}" and version ${version}`,
      );
    }
    settled.push({ name, subject: qualified, version: position });
  }
  return settled;
}
