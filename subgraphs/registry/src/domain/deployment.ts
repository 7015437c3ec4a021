import type { CheckRules } from './check-rules.ts';
import type { ParsedSchema } from './parsed-schema.ts';
import { findAffected, type Usage, type UsedSchema } from './usage.ts';

/** Whether a version may be counted on by everyone who uses its subject, and why not. */
export interface Deployment {
  /** Every registered producer and consumer is validated, and there is one. */
  readonly deployed: boolean;
  readonly members: readonly DeploymentMember[];
}

/** One who uses the subject, held against the version. */
export interface DeploymentMember extends Pick<Usage, 'role' | 'name' | 'version' | 'contact'> {
  /** A consumer's version reads the version's data; the version reads a producer's data. */
  readonly validated: boolean;
  /** The first breach in words; null for a validated one. */
  readonly why: string | null;
}

/**
 * Holds a version against all who use its subject. Where nobody is registered, nobody was validated: such a version does
 * not count as deployed.
 */
export function findDeployment(
  schema: ParsedSchema,
  used: readonly UsedSchema[],
  rules: CheckRules,
): Deployment {
  const affected = new Map(
    findAffected(schema, used, rules).map((each) => [`${each.role} ${each.name}`, each]),
  );
  const members = used.map(({ usage: { role, name, version, contact } }) => {
    const why = affected.get(`${role} ${name}`)?.why ?? null;
    return { role, name, version, contact, validated: why === null, why };
  });
  return { deployed: members.length > 0 && members.every(({ validated }) => validated), members };
}
