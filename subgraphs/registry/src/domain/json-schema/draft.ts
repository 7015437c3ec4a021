import { isRecord } from '../json.ts';

/** The releases of JSON Schema that are read, oldest first. */
export const drafts = ['draft-04', 'draft-06', 'draft-07', '2019-09', '2020-12'] as const;

export type Draft = (typeof drafts)[number];

/** What a text is held for that does not say, as Kafka's clients do. */
const defaultDraft: Draft = 'draft-07';

/** The draft that a schema names by `$schema`. An unknown one is held for the default. */
export function draftOf(json: unknown, otherwise: Draft = defaultDraft): Draft {
  const named = isRecord(json) ? json['$schema'] : undefined;
  if (typeof named !== 'string') return otherwise;
  const match = /^https?:\/\/json-schema\.org\/(?:draft\/)?([^/#]+)\/schema#?$/.exec(named);
  return drafts.find((draft) => draft === match?.[1]) ?? defaultDraft;
}

/** Whether a draft is as new as another one. */
export function isSince(draft: Draft, first: Draft): boolean {
  return drafts.indexOf(draft) >= drafts.indexOf(first);
}
