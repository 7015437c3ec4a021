import { canonicalJson } from '@spine/kernel/canonical-json';
import { defaultRules } from '../domain/check-rules.ts';
import { inheritedLevel, type RegisteredVia, type Subject } from '../domain/subject.ts';
import type { PublishRequest } from './publish-request.ts';

/** A subject as it begins: the door that it came by says what its checks follow. */
export function newSubject(name: string, via: RegisteredVia, owner: string): Subject {
  return {
    name,
    ownLevel: null,
    level: inheritedLevel(via),
    ...defaultRules(via === 'confluent' ? 'confluent' : 'strict'),
    lint: {},
    registeredVia: via,
    owner,
    dataset: null,
  };
}

/** The subject as a publish leaves it. */
export function subjectAfter(before: Subject | undefined, request: PublishRequest): Subject {
  const { subject: name, via = 'spine', publishedBy } = request;
  const start = before ?? newSubject(name, via, publishedBy);
  const ownLevel = request.level ?? start.ownLevel;
  return {
    ...start,
    ownLevel,
    level: ownLevel ?? inheritedLevel(start.registeredVia),
    profile: request.profile ?? start.profile,
    owner: request.owner ?? start.owner,
    dataset: request.dataset ?? start.dataset,
  };
}

/** Whether two states of a subject are the same. */
export function isUnchanged(before: Subject, after: Subject): boolean {
  return canonicalJson(before) === canonicalJson(after);
}
