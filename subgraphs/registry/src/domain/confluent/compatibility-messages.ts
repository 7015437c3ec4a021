import type { CheckReport, ReportedIncompatibility } from '../check-report.ts';
import { counts } from '../check-rules.ts';
import { demandsOf } from '../compatibility-level.ts';
import { jsonKinds } from '../json-schema/json-kinds.ts';
import { protobufKinds } from '../protobuf/protobuf-kinds.ts';
import { describeBreach } from './breach-description.ts';

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
  const rule = `{validateFields: '${validateFields}', compatibility: '${report.level}'}`;
  const told = breaches.filter((breach) => breach.versions.includes(broken.version));
  // Of two formats nothing else is said, not even what the old schema was.
  if (told.some(({ kind }) => kind === 'SCHEMA_TYPE_CHANGED')) return [otherFormat, rule];
  return [
    // The old schema is asked first whether it reads the new one.
    ...told
      .toSorted(forwardFirst)
      .map((breach) => breachMessage(breach, breach.direction === 'BACKWARD' ? candidate : broken.text)),
    `{oldSchemaVersion: ${broken.version}}`,
    `{oldSchema: ${quote(broken.text)}}`,
    rule,
  ];
}

/** The message of a registration that was refused for these reasons. */
export function incompatibleMessage(subject: string, messages: readonly string[]): string {
  return `Schema being registered is incompatible with an earlier schema for subject "${subject}", details: [${messages.join(', ')}]`;
}

const otherFormat = 'Incompatible because of different schema type';

function forwardFirst(one: ReportedIncompatibility, other: ReportedIncompatibility): number {
  return Number(one.direction === 'BACKWARD') - Number(other.direction === 'BACKWARD');
}

function breachMessage(
  { kind, path, message, direction }: ReportedIncompatibility,
  readerText: string,
): string {
  const [reader, writer] = direction === 'BACKWARD' ? ['new', 'old'] : ['old', 'new'];
  const isAvro = !otherKinds.has(kind);
  const name = nameAt(readerText, path) ?? path;
  const place = isAvro ? path || '/' : fragmentOf(path, kind);
  const description =
    describeBreach(kind, { path: place, reader, writer, name }) ??
    `The change at path '${place}' in the ${reader} schema does not fit the ${writer} schema: ${message}`;
  // Only for Avro is there more to say.
  if (!isAvro) return `{errorType:"${kind}", description:"${description}"}`;
  const info = kind === 'READER_FIELD_MISSING_DEFAULT_VALUE' ? name : message;
  return `{errorType:"${kind}", description:"${description}", additionalInfo:"${info}"}`;
}

const ofProtobuf: ReadonlySet<string> = new Set(protobufKinds);
const otherKinds: ReadonlySet<string> = new Set([...protobufKinds, ...jsonKinds]);

/** A place as JSON Schema has it in a URI; in Protobuf a field is known by its number right below its message. */
function fragmentOf(path: string, kind: string): string {
  const plain = ofProtobuf.has(kind) ? path.replace(/\/(?:fields|oneofs)(\/[^/]+)$/, '$1') : path;
  return `#${plain || '/'}`;
}

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

function quote(text: string): string {
  return text.length <= maxQuoted ? `'${text}'` : `<truncated> '${text.slice(0, maxQuoted)}...'`;
}

const maxQuoted = 10 * 1024;
