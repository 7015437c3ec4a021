import { schemaNotFound, subjectNotFound, versionNotFound } from '../../domain/confluent/confluent-error.ts';
import { metadataProperty } from '../../domain/confluent/content-facts.ts';
import { defaultContext, matchPrefix, splitSubject } from '../../domain/confluent/qualified-subject.ts';
import type { RegisteredSchema, SchemaContent } from '../../domain/confluent/registered-schema.ts';
import {
  findContent,
  findLastRegistered,
  findRegistered,
  listKeys,
  listPositions,
  listRegistered,
  listRegisteredByKey,
  listSubjectNames,
  listUses,
} from '../../store/confluent-versions.ts';
import { listReferrers } from '../../store/version-references.ts';
import type { ReadDeps } from '../registry-deps.ts';

/** Which versions or subjects are asked for: the live ones, unless it says more. */
export interface Shown {
  readonly deleted: boolean;
  readonly deletedOnly?: boolean;
}

/** A version of a subject; `latest` is the last live position. Throws 40401 and 40402. */
export async function getRegistered(
  { database }: ReadDeps,
  subject: string,
  version: number | 'latest',
  { deleted }: Shown,
): Promise<RegisteredSchema> {
  const db = database.kysely;
  const found =
    version === 'latest' ? await findLastRegistered(db, subject) : await findRegistered(db, subject, version);
  if (found !== undefined && (deleted || !found.deleted)) return found;
  const positions = await listPositions(db, subject);
  if (version === 'latest' && deleted && positions.length > 0) {
    // Nothing is live: then the last one there was.
    const last = await findRegistered(db, subject, positions.at(-1)?.version ?? 0);
    if (last !== undefined) return last;
  }
  if (!positions.some((position) => deleted || !position.deleted)) throw subjectNotFound(subject);
  throw versionNotFound(version === 'latest' ? -1 : version);
}

/** The last version whose metadata has all of these properties. Throws 40401 and 40402. */
export async function getRegisteredByMetadata(
  { database }: ReadDeps,
  subject: string,
  properties: ReadonlyMap<string, string>,
  { deleted }: Shown,
): Promise<RegisteredSchema> {
  const versions = (await listRegistered(database.kysely, subject)).filter(
    (each) => deleted || !each.deleted,
  );
  if (versions.length === 0) throw subjectNotFound(subject);
  const found = versions.findLast(({ metadata }) =>
    [...properties].every(([key, value]) => metadataProperty(metadata, key) === value),
  );
  if (found === undefined) throw schemaNotFound();
  return found;
}

/** The positions of a subject. A deleted one is told from others by its sign where that is asked for. Throws 40401. */
export async function listVersionNumbers(
  { database }: ReadDeps,
  subject: string,
  shown: Shown & { readonly deletedAsNegative: boolean },
): Promise<readonly number[]> {
  const positions = await listPositions(database.kysely, subject);
  const { deleted: withDeleted, deletedOnly = false, deletedAsNegative } = shown;
  const asked = positions.filter(({ deleted }) =>
    deletedOnly ? deleted : withDeleted || deletedAsNegative || !deleted,
  );
  if (asked.length === 0) throw subjectNotFound(subject);
  return asked.map(({ version, deleted }) => (deleted && deletedAsNegative ? -version : version));
}

/** The subjects whose names a prefix asks for. A subject is deleted when all its versions are. */
export async function listNames(
  { database }: ReadDeps,
  prefixes: readonly string[],
  { deleted, deletedOnly = false }: Shown,
): Promise<readonly string[]> {
  const matches = prefixes.map(matchPrefix);
  const names = await listSubjectNames(database.kysely);
  return names
    .filter(({ live }) => (deletedOnly ? !live : deleted || live))
    .map(({ name }) => name)
    .filter((name) => matches.some((match) => match(name)));
}

/**
 * The part that `page` cuts out of all versions of the subjects whose names a prefix asks for, in the order of subject and
 * position. No more than a thousand at once: their texts are held together.
 */
export async function listSchemasOf(
  deps: ReadDeps,
  prefixes: readonly string[],
  { deleted, latestOnly }: Shown & { readonly latestOnly: boolean },
  page: <Item>(items: readonly Item[]) => readonly Item[],
): Promise<readonly RegisteredSchema[]> {
  const names = await listNames(deps, prefixes, { deleted });
  const keys = (await listKeys(deps.database.kysely, names)).filter((key) => deleted || !key.deleted);
  const last = new Map(keys.map((key) => [key.subject, key]));
  const asked = page(latestOnly ? [...last.values()] : keys);
  return await listRegisteredByKey(deps.database.kysely, asked.slice(0, maxSchemas));
}

const maxSchemas = 1_000;

/** What an id or a guid stands for. Throws 40403. */
export async function getContent(
  { database }: ReadDeps,
  key: { readonly id: number } | { readonly guid: string },
): Promise<SchemaContent> {
  const isNamed = 'id' in key || isUuid.test(key.guid);
  const content = isNamed ? await findContent(database.kysely, key) : undefined;
  if (content === undefined) throw schemaNotFound('id' in key ? key.id : key.guid);
  return content;
}

/** Where an id is used; in one context or under one subject, if a name is given. Throws 40403. */
export async function listUsesOf(
  { database }: ReadDeps,
  id: number,
  subject: string | undefined,
  { deleted }: Shown,
): Promise<readonly { readonly subject: string; readonly version: number }[]> {
  const uses = await listUses(database.kysely, id);
  if (uses.length === 0) throw schemaNotFound(id);
  const asked = subject === undefined ? undefined : splitSubject(subject);
  return uses
    .filter((use) => deleted || !use.deleted)
    .filter((use) => {
      const split = splitSubject(use.subject);
      const isWithin = asked === undefined || split.context === asked.context;
      return isWithin && (asked === undefined || asked.subject === '' || asked.subject === split.subject);
    })
    .map(({ subject: name, version }) => ({ subject: name, version }));
}

/** The ids of the schemas that use a version. Throws 40401 and 40402. */
export async function listReferencedBy(
  deps: ReadDeps,
  subject: string,
  version: number | 'latest',
  { deleted }: Shown,
): Promise<readonly number[]> {
  const used = await getRegistered(deps, subject, version, { deleted: true });
  const users = await listReferrers(deps.database.kysely, subject, [used.version]);
  return [...new Set(users.filter((user) => deleted || !user.deleted).map(({ schemaId }) => schemaId))];
}

/** The contexts that hold a subject, and the default one. */
export async function listContexts({ database }: ReadDeps, prefix: string): Promise<readonly string[]> {
  const names = await listSubjectNames(database.kysely);
  const contexts = new Set([defaultContext, ...names.map(({ name }) => splitSubject(name).context)]);
  return [...contexts].filter((context) => context.startsWith(prefix)).sort();
}

const isUuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
