import type { ReportedIncompatibility } from './check-report.ts';
import { type CheckRules, counts } from './check-rules.ts';
import { findIncompatibilities, type ParsedSchema } from './parsed-schema.ts';
import { type AffectedUsage, findAffected, type UsedSchema } from './usage.ts';

/** Whether an older schema reads what was written since. */
export interface RollbackReport {
  readonly compatible: boolean;
  /** Each against one newer version, whose data the older schema cannot read. */
  readonly incompatibilities: readonly ReportedIncompatibility[];
  /** Who uses a version that goes, and cannot go on with the older one. */
  readonly affected: readonly AffectedUsage[];
}

/** Reads the data of every newer version with the older schema. */
export function checkRollback(
  older: ParsedSchema,
  newer: readonly { readonly version: number; readonly schema: ParsedSchema }[],
  used: readonly UsedSchema[],
  rules: CheckRules,
): RollbackReport {
  const incompatibilities = newer.flatMap(({ version, schema }) =>
    findIncompatibilities(older, schema, { ...rules, newer: 'WRITER' }).map(
      (breach): ReportedIncompatibility => ({ direction: 'BACKWARD', ...breach, versions: [version] }),
    ),
  );
  return {
    compatible: !incompatibilities.some((each) => counts(rules, each)),
    incompatibilities,
    affected: findAffected(older, used, rules),
  };
}
