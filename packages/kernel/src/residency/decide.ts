import type { CellEntry } from './cell.ts';
import type { CompiledEndpoint, CompiledPolicy } from './compile-policy.ts';
import {
  type DecidedObligation,
  type DecisionRequest,
  defaultDeny,
  type ReasonCode,
  type ResidencyDecision,
} from './decision.ts';
import type { Classified } from './inventory.ts';
import { findUnknownSelector, isColumnOf, joinObligations, type TaggedField } from './join-obligations.ts';

/**
 * The gate: may this dataset go there, and under which obligations? Pure; the same request under the same document gives the
 * same answer, but for exceptions, which begin and expire with `at`.
 *
 * - Everything unknown is denied, with a reason that says which: sink, source, region, class, tag, or an obligation's field.
 * - A denial beats every allowance; only an exception in force that names the denying rule sets it aside.
 * - Among allowances exceptions go first, then the most specific (dataset, sink, to, from, purpose, class), then priority;
 *   equals are joined, and of their obligations the strictest wins. With none, the answer is deny.
 * - The gate demands tags (R46): a field that an obligation names must be known to the inventory, and where data leaves its
 *   jurisdiction, a field whose name says personal data must stand in the inventory with its tags (or with none, expressly).
 *   A rule that allows a class allows its tagged fields; what must be done to them is said by its obligations.
 */
export function decide(policy: CompiledPolicy, request: DecisionRequest): ResidencyDecision {
  const { logicalName } = request;
  const classified = policy.inventory.classify(logicalName);
  const fields = tagFields(request, classified);
  const tags = unionOf(fields);
  const dataClass = classified.dataClass ?? 'unknown';
  const deny = (
    code: ReasonCode,
    which: string,
    ruleIds: readonly string[] = [defaultDeny],
  ): ResidencyDecision => ({
    verdict: 'deny',
    reason: `${code}: ${which}`,
    ruleIds,
    obligations: [],
    dataClass,
    tags,
  });

  const sink = policy.sinks.get(request.sink);
  if (sink === undefined) return deny('unknown_sink', request.sink);
  const source = policy.sources.get(request.source);
  if (source === undefined) return deny('unknown_source', request.source);
  if (source.region === undefined) return deny('unknown_region', source.regionName);
  if (sink.region === undefined) return deny('unknown_region', sink.regionName);
  if (classified.dataClass === null) return deny('unknown_class', logicalName);
  const unknownTag = tags.find((tag) => !policy.inventory.tags.has(tag));
  if (unknownTag !== undefined) return deny('unknown_tag', unknownTag);

  const at = request.at.getTime();
  const entries = (
    policy.cell(request.source, request.sink, classified.dataClass)?.matching(logicalName) ?? []
  ).filter(({ candidate }) => candidate.since <= at && at < candidate.until);
  const lifted = new Set(entries.flatMap(({ candidate }) => candidate.lifts));
  const denying = entries.filter(({ candidate }) => candidate.effect === 'deny' && !lifted.has(candidate.id));
  if (denying.length > 0) return deny('denied_by_rule', idsOf(denying).join(', '), idsOf(denying));

  const chosen = choose(entries);
  const [first] = chosen;
  if (first === undefined) {
    return deny('no_rule', `${dataClass} from ${source.region.jurisdiction} to ${sink.region.jurisdiction}`);
  }
  const ids = idsOf(chosen);
  const demanded = chosen.flatMap(({ candidate }) => candidate.obligations);
  const unknownSelector = findUnknownSelector(demanded, fields, policy.inventory);
  if (unknownSelector !== undefined) return deny('unknown_obligation_field', unknownSelector, ids);
  const untagged = leavesJurisdiction(source, sink)
    ? fields.find(
        (field) =>
          field.tags.length === 0 &&
          policy.namesPersonalData(field.name) &&
          !isInventoried(field.name, classified),
      )
    : undefined;
  if (untagged !== undefined) return deny('untagged_personal_data', untagged.name, ids);

  const obligations: readonly DecidedObligation[] = joinObligations(demanded, fields);
  const code = first.candidate.kind === 'rule' ? 'allowed_by_rule' : 'allowed_by_exception';
  return {
    verdict: obligations.length > 0 ? 'allow_with_obligations' : 'allow',
    reason: `${code}: ${ids.join(', ')}`,
    ruleIds: ids,
    obligations,
    dataClass,
    tags,
  };
}

/** The allowances that decide: all of the best rank, so that the order of rules never matters. */
function choose(entries: readonly CellEntry[]): readonly CellEntry[] {
  let best: CellEntry[] = [];
  for (const entry of entries) {
    if (entry.candidate.effect !== 'allow') continue;
    const [leader] = best;
    const order = leader === undefined ? 1 : rank(entry, leader);
    if (order > 0) best = [entry];
    else if (order === 0) best.push(entry);
  }
  return best;
}

function rank(a: CellEntry, b: CellEntry): number {
  return (
    Number(a.candidate.kind === 'exception') - Number(b.candidate.kind === 'exception') ||
    a.score - b.score ||
    a.candidate.priority - b.candidate.priority
  );
}

function idsOf(entries: readonly CellEntry[]): readonly string[] {
  const ids: string[] = [];
  for (const { candidate } of entries) if (!ids.includes(candidate.id)) ids.push(candidate.id);
  return ids.sort();
}

const none: readonly string[] = [];

function tagFields(request: DecisionRequest, classified: Classified): readonly TaggedField[] {
  return request.fields.map(({ name, tags = none }) => {
    let known = none;
    for (const path in classified.fields) {
      if (isColumnOf(name, path)) known = known.concat(classified.fields[path] ?? none);
    }
    return { name, tags: tags.length === 0 ? known : known.concat(tags) };
  });
}

function unionOf(fields: readonly TaggedField[]): readonly string[] {
  const tags: string[] = [];
  for (const field of fields) for (const tag of field.tags) if (!tags.includes(tag)) tags.push(tag);
  return tags.sort();
}

function isInventoried(column: string, classified: Classified): boolean {
  for (const path in classified.fields) if (isColumnOf(column, path)) return true;
  return false;
}

/** Whether the two ends share no country and no jurisdiction group. */
function leavesJurisdiction(source: CompiledEndpoint, sink: CompiledEndpoint): boolean {
  const terms = sink.region?.terms ?? [];
  return !source.region?.terms.some((term) => terms.includes(term));
}
