import type { Place } from './place.ts';
import type { SchemaFile } from './schema-file.ts';

/** Something to say about a schema: a breach, a fault that makes it no schema, or what a lint rule found. */
export interface Finding {
  /** The kind of a breach, a lint rule, or a problem code: stable, for machines. */
  readonly rule: string;
  /** A note decides nothing. */
  readonly severity: 'error' | 'warning' | 'note';
  readonly message: string;
  /** Where it is: JSON pointer and place in the text of `source`. */
  readonly path: string;
  readonly source: SchemaFile;
  readonly place: Place;
  /** The nearest place in the checked file, where `source` is another one: the old schema is the reader of new data. */
  readonly here?: Place;
  /** Of a breach: who cannot read whom. */
  readonly direction?: 'BACKWARD' | 'FORWARD';
  /** The old schemas that the breach is with, by name. */
  readonly against?: readonly string[];
  /** What a Protobuf change breaks, under the strict profile. */
  readonly axis?: string;
  /** A datum that shows the breach. */
  readonly witness?: { readonly datum: unknown; readonly why: string };
  /** What to do next, in one sentence. */
  readonly next?: string;
}

/** What became of the datum at the reader, for people; the message of the finding is not said twice. */
export function witnessText({ witness, message }: Finding): string | undefined {
  if (witness === undefined) return undefined;
  const datum = JSON.stringify(witness.datum) ?? 'nothing';
  const shown = datum.length > maxDatum ? `${datum.slice(0, maxDatum)}…` : datum;
  return `${shown}: ${witness.why.replace(`: ${message}`, '')}`;
}

const maxDatum = 300;

/** Somebody who would break, as the registry knows them. */
export interface AffectedUser {
  readonly role: 'PRODUCER' | 'CONSUMER';
  readonly name: string;
  readonly version: number;
  readonly contact: string | null;
  readonly why: string;
}

/** What a command found about one file. */
export interface CheckedFile {
  readonly file: SchemaFile;
  readonly subject?: string | undefined;
  readonly level?: string | undefined;
  readonly profile?: string | undefined;
  /** What it was compared with, by name, the newest first. */
  readonly against: readonly string[];
  readonly passed: boolean;
  /** Whether the level is kept; absent where nothing was compared. */
  readonly compatible?: boolean | undefined;
  /** Why not, as the code that the command ends with. */
  readonly exitCode: number;
  readonly bump?: string | null | undefined;
  /** The number that it would get, or the least that would do. */
  readonly semver?: string | undefined;
  readonly findings: readonly Finding[];
  readonly affected: readonly AffectedUser[];
}

/** That a number promises less change than there is. */
export function understatedFinding(
  file: SchemaFile,
  asked: string,
  least: string,
  bump: string | null,
): Finding {
  return {
    rule: 'VERSION_UNDERSTATED',
    severity: 'error',
    message: `version ${asked} understates the change${bump === null ? '' : `, which is ${bump}`}`,
    path: '',
    source: file,
    place: { line: 1, column: 1, endLine: 1, endColumn: 2 },
    next: `Ask for version ${least} or a later one.`,
  };
}
