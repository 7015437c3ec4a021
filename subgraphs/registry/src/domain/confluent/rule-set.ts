import { isRecord } from '../json.ts';
import type { JsonObject } from '../schema-source.ts';
import { invalidRuleSet } from './confluent-error.ts';

const kinds = ['migrationRules', 'domainRules', 'encodingRules'] as const;

/** Holds the rules that come with a schema to what clients need to run them: each a name of its own. Throws 42210. */
export function assertRuleSet(ruleSet: JsonObject | undefined): void {
  if (ruleSet === undefined) return;
  for (const kind of kinds) {
    const rules = ruleSet[kind];
    if (rules === undefined || rules === null) continue;
    if (!Array.isArray(rules)) throw invalidRuleSet(`${kind} must be a list`);
    const names = new Set<string>();
    for (const rule of rules) {
      const name = isRecord(rule) ? rule['name'] : undefined;
      if (typeof name !== 'string' || name.trim() === '')
        throw invalidRuleSet(`a rule of ${kind} has no name`);
      if (names.has(name)) throw invalidRuleSet(`${kind} has two rules of the name ${name}`);
      names.add(name);
    }
  }
}
