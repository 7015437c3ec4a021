import { compileGlob } from '@spine/kernel/dataset-glob';
import type { CompiledPolicy } from '@spine/kernel/residency/compile-policy';
import { decide } from '@spine/kernel/residency/decide';
import type { DecidedObligation, Verdict } from '@spine/kernel/residency/decision';

/** What a matrix says of one cell. */
export interface CellAnswer {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly dataClass: string;
  readonly obligations: readonly DecidedObligation[];
}

/** A cell, dataset pattern to sink, whose effect or obligations differ between two matrices. */
export interface PolicyChange {
  readonly dataset: string;
  readonly sink: string;
  readonly from: string | null;
  readonly to: string | null;
  /** Null: there was no matrix, and nothing was allowed. */
  readonly before: CellAnswer | null;
  readonly after: CellAnswer;
}

/**
 * Compares two matrices cell by cell. A cell is a pattern that either of them names (in inventory or rules), with the
 * sources it may mean, times a sink; a pattern stands for the tables that nothing narrower names.
 */
export function diffPolicies(
  before: CompiledPolicy | null,
  after: CompiledPolicy,
  at: Date,
): readonly PolicyChange[] {
  const policies = before === null ? [after] : [before, after];
  const sinks = sortedUnion(policies.map((policy) => [...policy.sinks.keys()]));
  const changes: PolicyChange[] = [];
  for (const dataset of cellNames(policies)) {
    const [source = ''] = dataset.split('.');
    const fields = sortedUnion(
      policies.map((policy) => Object.keys(policy.inventory.classify(dataset).fields)),
    );
    const answer = (policy: CompiledPolicy, sink: string): CellAnswer => {
      const request = { logicalName: dataset, fields: fields.map((name) => ({ name })), source, sink, at };
      const { verdict, reason, dataClass, obligations } = decide(policy, request);
      return { verdict, reason, dataClass, obligations };
    };
    for (const sink of sinks) {
      const old = before === null ? null : answer(before, sink);
      const now = answer(after, sink);
      if (effectOf(old) === effectOf(now)) continue;
      changes.push({
        dataset,
        sink,
        from: (after.sources.get(source) ?? before?.sources.get(source))?.regionName ?? null,
        to: (after.sinks.get(sink) ?? before?.sinks.get(sink))?.regionName ?? null,
        before: old,
        after: now,
      });
    }
  }
  return changes;
}

/** The effect alone: another reason for the same denial is no change. */
function effectOf(answer: CellAnswer | null): string {
  if (answer === null || answer.verdict === 'deny') return 'deny';
  return JSON.stringify([answer.verdict, answer.obligations]);
}

function cellNames(policies: readonly CompiledPolicy[]): readonly string[] {
  const patterns = policies.flatMap(({ document }) => [
    ...document.classification.map((entry) => entry.dataset),
    ...document.residency.rules.flatMap((rule) => rule.match.dataset ?? []),
    ...document.residency.exceptions.flatMap((exception) => exception.match.dataset ?? []),
  ]);
  const sources = sortedUnion(policies.map((policy) => [...policy.sources.keys()]));
  const names = patterns.flatMap((pattern) => {
    const [sourcePart = '', ...rest] = pattern.split('.');
    const glob = compileGlob(`${sourcePart}.x.x`);
    return sources
      .filter((source) => glob?.matches(`${source}.x.x`))
      .map((source) => [source, ...rest].join('.'));
  });
  return [...new Set(names)].toSorted();
}

function sortedUnion(lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())].toSorted();
}
