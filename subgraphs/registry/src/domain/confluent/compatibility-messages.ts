import type { CheckReport, ReportedIncompatibility } from '../check-report.ts';
import { counts } from '../check-rules.ts';
import { demandsOf } from '../compatibility-level.ts';
import type { IncompatibilityKind } from '../incompatibility.ts';

/** A version that a candidate was compared with, as far as messages quote it. */
export interface QuotedVersion {
  readonly version: number;
  readonly text: string;
}

/**
 * Why a report refuses, in the words of Confluent's registry, which look like JSON and are none: every breach with the
 * newest version that is broken, then that version, then the rule. Empty if the level is kept. `compared` is what the
 * candidate was compared with, oldest first; `candidate` is its own text.
 */
export function compatibilityMessages(
  report: CheckReport,
  candidate: string,
  compared: readonly QuotedVersion[],
  validateFields = false,
): readonly string[] {
  if (report.compatible) return [];
  const demands = demandsOf(report.level);
  const breaches = report.incompatibilities.filter(
    (breach) =>
      counts(report, breach) && (breach.direction === 'BACKWARD' ? demands.backward : demands.forward),
  );
  const broken = compared.findLast(({ version }) =>
    breaches.some((breach) => breach.versions.includes(version)),
  );
  if (broken === undefined) return [];
  return [
    ...breaches
      .filter((breach) => breach.versions.includes(broken.version))
      .map((breach) => breachMessage(breach, breach.direction === 'BACKWARD' ? candidate : broken.text)),
    `{oldSchemaVersion: ${broken.version}}`,
    `{oldSchema: '${truncate(broken.text)}'}`,
    `{validateFields: '${validateFields}', compatibility: '${report.level}'}`,
  ];
}

/** The message of a registration that was refused for these reasons. */
export function incompatibleMessage(subject: string, messages: readonly string[]): string {
  return `Schema being registered is incompatible with an earlier schema for subject "${subject}", details: [${messages.join(', ')}]`;
}

function breachMessage(
  { kind, path, message, direction }: ReportedIncompatibility,
  readerText: string,
): string {
  const [reader, writer] = direction === 'BACKWARD' ? ['new', 'old'] : ['old', 'new'];
  const isMissing = kind === 'READER_FIELD_MISSING_DEFAULT_VALUE';
  const name = isMissing ? (nameAt(readerText, path) ?? path) : '';
  const describe = descriptions[kind];
  const description =
    describe === undefined
      ? `The change at path '${path}' in the ${reader} schema does not fit the ${writer} schema: ${message}`
      : describe(path, `${reader} schema`, `${writer} schema`, name);
  return `{errorType:"${kind}", description:"${description}", additionalInfo:"${isMissing ? name : message}"}`;
}

type Describe = (path: string, reader: string, writer: string, name: string) => string;

// What people search the web for, word by word; kinds that are not here are described by what the check said.
const descriptions: Readonly<Partial<Record<IncompatibilityKind, Describe>>> = {
  READER_FIELD_MISSING_DEFAULT_VALUE: (path, reader, writer, name) =>
    `The field '${name}' at path '${path}' in the ${reader} has no default value and is missing in the ${writer}`,
  TYPE_MISMATCH: (path, reader, writer) =>
    `The type (path '${path}') of a field in the ${reader} does not match with the ${writer}`,
  NAME_MISMATCH: (path) => `The name of the schema has changed (path '${path}')`,
  FIXED_SIZE_MISMATCH: (path, reader, writer) =>
    `The size of FIXED type field at path '${path}' in the ${reader} does not match with the ${writer}`,
  MISSING_ENUM_SYMBOLS: (path, reader, writer) =>
    `The ${reader} is missing enum symbols at path '${path}' in the ${writer}`,
  MISSING_UNION_BRANCH: (path, reader, writer) =>
    `The ${reader} is missing a type inside a union field at path '${path}' in the ${writer}`,
  SCHEMA_TYPE_CHANGED: () => 'Incompatible because of different schema type',
};

/** The name of what a JSON pointer points at in a schema text; undefined where there is none. */
function nameAt(text: string, pointer: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  for (const step of pointer.split('/').slice(1)) {
    if (value === null || typeof value !== 'object') return undefined;
    value = Object.entries(value).find(
      ([key]) => key === step.replaceAll('~1', '/').replaceAll('~0', '~'),
    )?.[1];
  }
  if (value === null || typeof value !== 'object' || !('name' in value)) return undefined;
  return typeof value.name === 'string' ? value.name : undefined;
}

function truncate(text: string): string {
  return text.length <= maxQuoted ? text : `${text.slice(0, maxQuoted)}<truncated>`;
}

const maxQuoted = 10 * 1024;
