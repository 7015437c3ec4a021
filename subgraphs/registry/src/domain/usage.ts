import { type CheckRules, counts } from './check-rules.ts';
import type { Incompatibility } from './incompatibility.ts';
import { findIncompatibilities, type ParsedSchema } from './parsed-schema.ts';

/** What somebody does with a subject. */
export const usageRoles = ['PRODUCER', 'CONSUMER'] as const;

export type UsageRole = (typeof usageRoles)[number];

/** Somebody who writes or reads a subject's data, and by which version. */
export interface Usage {
  readonly subject: string;
  readonly role: UsageRole;
  readonly name: string;
  readonly version: number;
  /** Whom to ask, if it was told. */
  readonly contact: string | null;
  readonly registeredAt: Date;
  readonly registeredBy: string;
}

/** A producer or consumer that would break, and by what. */
export interface AffectedUsage {
  readonly role: UsageRole;
  readonly name: string;
  /** The version that it uses. */
  readonly version: number;
  readonly contact: string | null;
  /** The first breach in words. */
  readonly why: string;
}

/** A usage with the schema that it uses. */
export interface UsedSchema {
  readonly usage: Pick<Usage, 'role' | 'name' | 'version' | 'contact'>;
  readonly schema: ParsedSchema;
}

/**
 * Who breaks when the schema is in use: each consumer whose version cannot read its data, each producer whose data it cannot
 * read. In whatever line they are: a line of its own protects the readers of the old one only until somebody writes to it.
 */
export function findAffected(
  schema: ParsedSchema,
  used: readonly UsedSchema[],
  rules: CheckRules,
): readonly AffectedUsage[] {
  const breaches = new Map<string, Incompatibility | undefined>();
  return used.flatMap(({ usage: { role, name, version, contact }, schema: theirs }) => {
    const key = `${role} ${theirs.fingerprint}`;
    if (!breaches.has(key)) breaches.set(key, findBreach(schema, theirs, role, rules));
    const breach = breaches.get(key);
    if (breach === undefined) return [];
    return [{ role, name, version, contact, why: `${breach.message} (${breach.kind})` }];
  });
}

function findBreach(
  schema: ParsedSchema,
  theirs: ParsedSchema,
  role: UsageRole,
  rules: CheckRules,
): Incompatibility | undefined {
  const found =
    role === 'CONSUMER'
      ? findIncompatibilities(theirs, schema, { ...rules, newer: 'WRITER' })
      : findIncompatibilities(schema, theirs, rules);
  return found.find((incompatibility) => counts(rules, incompatibility));
}
