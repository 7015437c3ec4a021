import type { SpineClient } from '../client/spine-client.ts';
import { type CheckOptions, parseCheckOptions } from './check-options.ts';
import type { FoundSchema } from './find-schemas.ts';
import { versionEntry } from './registry-answers.ts';
import type { SchemaFile } from './schema-file.ts';
import { subjectPath } from './subject-path.ts';

/** What is sent to have a schema checked or published. Subjects that were published in this run are in `published`. */
export async function schemaRequest(
  client: SpineClient,
  schema: FoundSchema,
  file: SchemaFile,
  options: CheckOptions & { readonly version?: string },
  published: ReadonlyMap<string, number> = new Map(),
): Promise<object> {
  const references = await referencesOf(client, schema, options, published);
  const { level, profile, owner, tags, retention, class: dataClass } = schema;
  const version = options.version ?? schema.version;
  const stated = { level, profile, owner, tags, retention, dataClass, version };
  return {
    schema: file.text,
    schemaType: file.type,
    ...(references.length > 0 && { references }),
    ...Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== undefined)),
  };
}

async function referencesOf(
  client: SpineClient,
  { references = [] }: FoundSchema,
  options: CheckOptions,
  published: ReadonlyMap<string, number>,
): Promise<readonly object[]> {
  const given = parseCheckOptions(options).references.flatMap(({ name, subject, version }) =>
    subject === undefined ? [] : [{ name, subject, version }],
  );
  const mapped = await Promise.all(
    references.map(async ({ name, subject, version }) => ({
      name,
      subject,
      version: version === 'latest' ? (published.get(subject) ?? (await latestOf(client, subject))) : version,
    })),
  );
  return [...mapped, ...given];
}

async function latestOf(client: SpineClient, subject: string): Promise<number> {
  return versionEntry.parse(await client.get('registry', subjectPath(subject, 'versions', 'latest'))).version;
}
