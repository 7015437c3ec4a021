import { locatePointer } from '@spine/registry/offline';
import type { Finding } from './finding.ts';
import { nextStep } from './next-step.ts';
import { placeOf } from './place.ts';
import type { SchemaFile } from './schema-file.ts';
import { translatePointer } from './translate-pointer.ts';

/** A breach as an engine or a registry tells it. */
export interface Breach {
  readonly kind: string;
  readonly direction: 'BACKWARD' | 'FORWARD';
  readonly path: string;
  readonly message: string;
  readonly axis?: string | undefined;
  readonly witness?: NonNullable<Finding['witness']> | undefined;
}

/**
 * A breach as something to say about the checked file. `old` is the first schema that it is with,
 * undefined where its text is not at hand; all of them are in `against`, by name.
 */
export function breachFinding(
  candidate: SchemaFile,
  old: SchemaFile | undefined,
  against: readonly string[],
  breach: Breach,
  severity: Finding['severity'],
): Finding {
  const { kind, path, message, direction, axis, witness } = breach;
  const source = direction === 'BACKWARD' || old === undefined ? candidate : old;
  return {
    rule: kind,
    severity,
    message,
    path,
    source,
    place: placeOf(source, path),
    ...(source !== candidate && { here: placeInOther(source, candidate, path) }),
    direction,
    against,
    ...(axis !== undefined && { axis }),
    ...(witness !== undefined && { witness }),
    next: nextStep(kind, direction),
  };
}

function placeInOther(from: SchemaFile, to: SchemaFile, path: string): Finding['place'] {
  // Names and numbers of Protobuf mean the same in both.
  if (from.type === 'PROTOBUF' || to.type !== from.type) return placeOf(to, path);
  return placeOf(to, translatePointer(jsonOf(from), jsonOf(to), locatePointer(from, path)));
}

function jsonOf({ text }: SchemaFile): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The bare name of an Avro type is no JSON.
    return text;
  }
}
