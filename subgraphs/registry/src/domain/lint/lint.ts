import { readAvroText } from '../outline/avro-definition.ts';
import { everySchema, readJsonSchemaText } from '../outline/json-schema-text.ts';
import { outlineSchema } from '../outline/outline-schema.ts';
import type { LintFinding } from './lint-finding.ts';
import type { LintInput } from './lint-input.ts';
import type { Complaint, LintRule } from './lint-rule.ts';
import { lintRules } from './lint-rules.ts';

/** A list for people ends somewhere; errors come before all else, so that none of them is cut off. */
const maxFindings = 1_000;

/** What the rules have against a schema that was parsed: errors first, then in the order of the rules and of the text. */
export function lint(input: LintInput): readonly LintFinding[] {
  const check = createChecks(input);
  const findings = lintRules.flatMap((rule): readonly LintFinding[] => {
    const severity = severityOf(rule, input);
    if (severity === 'off') return [];
    return check(rule).map((complaint) => ({ rule: rule.id, severity, ...complaint }));
  });
  const ofWeight = (severity: string): LintFinding[] => findings.filter((each) => each.severity === severity);
  return [...ofWeight('error'), ...ofWeight('warning')].slice(0, maxFindings);
}

/** Runs a rule on what its format is read as: read at its first use, and once for all rules. */
function createChecks(input: LintInput): (rule: LintRule) => readonly Complaint[] {
  const { source, schema, previous: given } = input;
  // A version of another format is no guide to this one.
  const previous = given?.source.type === source.type ? given : undefined;
  const avro = once(() => ({
    now: readAvroText(source.text),
    old: previous && readAvroText(previous.source.text),
  }));
  const json = once(() => ({
    now: everySchema(readJsonSchemaText(source.text)),
    old: previous && everySchema(readJsonSchemaText(previous.source.text)),
  }));
  const outline = once(() => input.outlined?.() ?? outlineSchema(input));
  return (rule) => {
    if (rule.format === 'ANY') return rule.check(input, outline());
    if (rule.format !== source.type) return [];
    switch (rule.format) {
      case 'AVRO':
        return rule.check(avro().now, avro().old);
      case 'JSON':
        return rule.check(json().now, json().old);
      case 'PROTOBUF':
        if (schema.protobuf === undefined) return [];
        return rule.check(schema.protobuf, source.text, previous?.schema.protobuf);
    }
  };
}

function severityOf(rule: LintRule, { severities = {} }: LintInput): LintRule['severity'] {
  return Object.hasOwn(severities, rule.id) ? (severities[rule.id] ?? rule.severity) : rule.severity;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
