import { Problem } from '@spine/kernel/problem';
import { isRecord, pointer } from '../json.ts';
import { type LintSeverities, type Severity, severities } from './lint-finding.ts';
import { lintRules } from './lint-rules.ts';

/** Reads severities by rule. Throws INPUT_INVALID for a rule that is none, and for a word that is no severity. */
export function parseSeverities(value: unknown, path = '/severities'): LintSeverities {
  if (!isRecord(value)) throw invalid(path, 'severities are an object: rules and their severities');
  const entries = Object.entries(value).map(([rule, severity]): [string, Severity] => {
    const at = pointer(path, rule);
    if (!lintRules.some(({ id }) => id === rule)) throw invalid(at, `${rule.slice(0, 80)} is no lint rule`);
    const known = severities.find((word) => word === severity);
    if (known === undefined) throw invalid(at, `a severity is one of ${severities.join(', ')}`);
    return [rule, known];
  });
  return Object.fromEntries(entries);
}

function invalid(path: string, message: string): Problem {
  return new Problem('INPUT_INVALID', message, {
    path,
    fix: 'docs/lint-rules.md lists rules and severities',
  });
}
