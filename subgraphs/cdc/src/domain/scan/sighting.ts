/** What a scan looks for: whatever can carry governed data away, or shows that something may. */
export const sightingKinds = [
  'slot',
  'slot_reader',
  'walsender',
  'publication',
  'published_table',
  'subscription',
  'replication_role',
  'foreign_server',
  'user_mapping',
  'consumer_group',
  'topic_reader',
  'unobserved',
] as const;
export type SightingKind = (typeof sightingKinds)[number];

/** What is known of it beside its name. Never a password, never a value of a row. */
export type Details = Readonly<Record<string, string | number | boolean | null>>;

/** One thing that a scan saw. Place, kind and name together say which. */
export interface Sighting {
  /** The server or the database that it lives in, as that is called by its own system identifier. */
  readonly place: string;
  readonly kind: SightingKind;
  readonly name: string;
  readonly details: Details;
}

/** One kind of thing at one place: what is observed, and gets its baseline, as a whole. */
export interface Aspect {
  readonly place: string;
  readonly kind: SightingKind;
}

/** A key of an aspect for sets and maps. */
export function aspectKey({ place, kind }: Aspect): string {
  return `${kind}\n${place}`;
}

/** A key of a sighting for sets and maps. */
export function sightingKey({ place, kind, name }: Pick<Sighting, 'place' | 'kind' | 'name'>): string {
  return `${kind}\n${place}\n${name}`;
}
