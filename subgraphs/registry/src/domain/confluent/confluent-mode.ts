import { ConfluentError, notPermitted } from './confluent-error.ts';
import { splitSubject } from './qualified-subject.ts';

/** What may be done to the subjects of a scope. */
export const modes = ['READWRITE', 'READONLY', 'READONLY_OVERRIDE', 'IMPORT', 'FORWARD'] as const;

export type Mode = (typeof modes)[number];

/** The mode that a word names, in any case of letters; undefined if none. */
export function findMode(word: string): Mode | undefined {
  return modes.find((mode) => mode === word.toUpperCase());
}

/** The modes that were set, from the widest scope to the subject itself; undefined where none was. */
export interface ScopedModes {
  readonly global: Mode | undefined;
  readonly context: Mode | undefined;
  readonly subject: Mode | undefined;
}

/** The mode that holds: the narrowest one, unless everything was overridden at once. */
export function modeInScope({ global, context, subject }: ScopedModes): Mode {
  if (global === 'READONLY_OVERRIDE') return global;
  return subject ?? context ?? global ?? 'READWRITE';
}

/** Whether schemas come from another registry as they are: with their ids, and unchecked. */
export function copiesAsIs(mode: Mode): boolean {
  return mode === 'IMPORT' || mode === 'FORWARD';
}

/** Whether nothing may be changed. */
export function isReadOnly(mode: Mode): boolean {
  return mode === 'READONLY' || mode === 'READONLY_OVERRIDE';
}

/** Holds a write other than registering, a deletion or a new config, to the mode. Throws 42205. */
export function assertWritable(subject: string, mode: Mode): void {
  if (isReadOnly(mode)) throw refusal(subject, 'in read-only mode');
}

/** Holds registering to the mode: ids may be brought along only where copies are made. Throws 42205. */
export function assertRegistrable(subject: string, mode: Mode, bringsId: boolean): void {
  assertWritable(subject, mode);
  if (bringsId && !copiesAsIs(mode)) throw refusal(subject, 'not in import mode');
  if (!bringsId && mode !== 'READWRITE') throw refusal(subject, 'not in read-write mode');
}

function refusal(subject: string, state: string): ConfluentError {
  return notPermitted(`Subject ${subject} in context ${splitSubject(subject).context} is ${state}`);
}
