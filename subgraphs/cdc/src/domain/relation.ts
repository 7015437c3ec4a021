/** How Postgres identifies the old row of an update or delete (pg_class.relreplident). */
export type ReplicaIdentity = 'default' | 'index' | 'full' | 'nothing';

/** One column as the catalogue describes it; `index` is its place in a pgoutput tuple. */
export interface Column {
  readonly name: string;
  readonly index: number;
  readonly typeOid: number;
  readonly typeModifier: number;
  /** format_type(): what a create table at a sink needs, `numeric(12,2)`, `public.mood`. */
  readonly typeText: string;
  /** pg_type.typtype: b base, e enum, d domain, c composite, r range, m multirange. */
  readonly typeKind: string;
  /** pg_type.typcategory: A for arrays, S for text, N for numbers ... */
  readonly typeCategory: string;
  readonly nullable: boolean;
  /** For a domain: the type at the end of its chain, which is what goes over the wire and what a sink column gets. */
  readonly baseTypeOid?: number;
  /** For a domain: format_type() of that type, with the domain's modifier: `numeric(12,2)`. */
  readonly baseTypeText?: string;
  /** For an enum, and for an array or a domain of one: its labels in order, so that a sink can create the type. */
  readonly enumLabels?: readonly string[];
}

/** One table of a route as it stood at some point of the stream. A change of its columns makes a new Relation. */
export interface Relation {
  readonly oid: number;
  readonly schema: string;
  readonly table: string;
  readonly identity: ReplicaIdentity;
  readonly columns: readonly Column[];
  /** Indexes into `columns` of the primary key (or the identity index); empty for a table without a key. */
  readonly key: readonly number[];
}

/** `schema.table`, the name under which maps of a route know a table. */
export function tableKey(relation: { readonly schema: string; readonly table: string }): string {
  return `${relation.schema}.${relation.table}`;
}

/** A table without a usable identity is delivered by inserts and truncates only. */
export function isInsertOnly(relation: Relation): boolean {
  return relation.key.length === 0;
}
