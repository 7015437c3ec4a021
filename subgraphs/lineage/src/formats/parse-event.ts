import { canonicalJson } from '@spine/kernel/canonical-json';
import { Problem } from '@spine/kernel/problem';
import { isUuid, type NodeKind, nodeId, runIdOf } from '../domain/entity-ids.ts';
import { eventIdOf } from '../domain/event-id.ts';
import { type Instant, parseInstant } from '../domain/instant.ts';
import type { EventKind, LineageEvent, NodeMention, RunMention } from '../domain/lineage-event.ts';
import { type RunState, runStates } from '../domain/run-state.ts';
import { cleanJson, maxJsonDepth } from './clean-json.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';
import { type CheckFacet, type FacetContext, parseFacets } from './parse-facets.ts';
import { createWarnings, pointer, type Warnings } from './warnings.ts';

/** Above this many characters a body's heavy facets stay out of the graph. */
const largeBody = 1_000_000;

/**
 * Reads one OpenLineage event as tolerantly as real producers need it: what a strict consumer would refuse becomes a warning.
 * Refused (EVENT_INVALID) is only what has no identity or no place in time.
 */
export function parseEvent(input: unknown, check: CheckFacet = () => null): LineageEvent {
  const clean = cleanJson(input);
  if (clean === null) throw invalid([], `it nests deeper than ${maxJsonDepth} levels`);
  const event = clean.value;
  if (!isJsonObject(event)) throw invalid([], 'an event is one JSON object');

  const warnings = createWarnings();
  if (clean.cleaned) {
    warnings.add('TEXT_CLEANED', [], 'text with U+0000 or half a surrogate pair was replaced by U+FFFD');
  }
  const body = canonicalJson(event);
  const facets: FacetContext = { warnings, check, skipHeavy: body.length > largeBody };
  const kind = kindOf(event, warnings);
  const run = kind === 'run' ? runOf(event, facets) : null;
  uriOf(event, 'schemaURL', warnings);
  return {
    id: eventIdOf(event),
    kind,
    at: timeOf(event, warnings),
    producer: uriOf(event, 'producer', warnings),
    run,
    job: kind === 'dataset' ? null : nodeOf('job', event['job'], ['job'], facets),
    inputs: kind === 'dataset' ? [] : datasetsOf(event, 'inputs', facets),
    outputs: kind === 'dataset' ? [] : datasetsOf(event, 'outputs', facets),
    // A run event may describe a dataset on top, as the example of the specification does.
    dataset:
      kind === 'job' || isAbsent(event['dataset'])
        ? null
        : nodeOf('dataset', event['dataset'], ['dataset'], facets),
    body,
    warnings: warnings.list(),
  };
}

// By structure, never by schemaURL: most producers get that one wrong or leave it out.
function kindOf(event: JsonObject, warnings: Warnings): EventKind {
  const has = (key: string): boolean => !isAbsent(event[key]);
  if (has('run')) return 'run';
  if (has('dataset')) {
    if (has('job')) warnings.add('MEMBER_IGNORED', ['job'], 'a dataset event has no job');
    return 'dataset';
  }
  if (has('job')) return 'job';
  throw invalid([], 'it names neither run and job, nor dataset, nor job');
}

function timeOf(event: JsonObject, warnings: Warnings): Instant {
  const { eventTime } = event;
  if (typeof eventTime !== 'string') throw invalid(['eventTime'], 'eventTime is required: ISO 8601 text');
  const parsed = parseInstant(eventTime);
  if (parsed === null) throw invalid(['eventTime'], 'eventTime is not an ISO 8601 time');
  if (!parsed.zoned) warnings.add('TIME_WITHOUT_ZONE', ['eventTime'], 'no zone: taken as UTC');
  return parsed.instant;
}

function uriOf(event: JsonObject, key: string, warnings: Warnings): string | null {
  const value = event[key];
  if (typeof value !== 'string') {
    warnings.add('MEMBER_MISSING', [key], 'required by the core schema: a URI');
    return null;
  }
  if (!/^[a-z][a-z0-9+.-]*:\S+$/i.test(value)) {
    warnings.add('MEMBER_INVALID', [key], 'not a URI');
  }
  return value;
}

function runOf(event: JsonObject, context: FacetContext): RunMention {
  const { run } = event;
  if (!isJsonObject(run)) throw invalid(['run'], 'run must be an object');
  const { runId } = run;
  if (typeof runId !== 'string' || runId === '') throw invalid(['run', 'runId'], 'runId is required');
  if (!isUuid(runId)) {
    context.warnings.add('RUN_ID_NOT_UUID', ['run', 'runId'], `taken as ${runIdOf(runId)}`);
  }
  return {
    id: runIdOf(runId),
    state: stateOf(event, context.warnings),
    facets: parseFacets(run['facets'], 'run', ['run', 'facets'], context),
  };
}

function stateOf({ eventType }: JsonObject, warnings: Warnings): RunState {
  if (isAbsent(eventType)) return 'OTHER';
  const state = runStates.find((one) => typeof eventType === 'string' && one === eventType.toUpperCase());
  if (state === undefined || state !== eventType) {
    warnings.add(
      'MEMBER_INVALID',
      ['eventType'],
      `not one of ${runStates.join(', ')}: taken as ${state ?? 'OTHER'}`,
    );
  }
  return state ?? 'OTHER';
}

function datasetsOf(
  event: JsonObject,
  key: 'inputs' | 'outputs',
  context: FacetContext,
): readonly NodeMention[] {
  const list = event[key];
  if (isAbsent(list)) return [];
  if (!Array.isArray(list)) throw invalid([key], `${key} must be a list of datasets`);
  return list.map((item, index) => nodeOf('dataset', item, [key, String(index)], context));
}

function nodeOf(kind: NodeKind, value: unknown, path: readonly string[], context: FacetContext): NodeMention {
  if (!isJsonObject(value))
    throw invalid(path, `a ${kind} is required here: an object with namespace and name`);
  const text = (key: 'namespace' | 'name'): string => {
    const part = value[key];
    if (typeof part !== 'string' || part === '') throw invalid([...path, key], `a ${kind} needs its ${key}`);
    return part;
  };
  const namespace = text('namespace');
  const name = text('name');
  const facets = parseFacets(value['facets'], kind, [...path, 'facets'], context);
  return { id: nodeId(kind, namespace, name), kind, namespace, name, facets };
}

// Some producers write null for what they do not have.
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function invalid(path: readonly string[], message: string): Problem {
  return new Problem('EVENT_INVALID', `the event was refused: ${message}`, {
    path: pointer(path),
    fix: 'send one OpenLineage RunEvent, DatasetEvent or JobEvent (core schema 2-0-2)',
  });
}
