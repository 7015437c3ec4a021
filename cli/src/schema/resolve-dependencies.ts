import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { Problem } from '@spine/kernel/problem';
import type { OfflineDependency } from '@spine/registry/offline';
import type { FoundSchema } from './find-schemas.ts';
import { readTextFile, type SchemaFile, typeOfFile } from './schema-file.ts';

/** How the text of a file is read: as it is now, or as it was. Undefined where it was not there. */
export type ReadText = (file: string) => string | undefined;

/**
 * Reads a schema with all that it uses, dependencies first: files that `--references NAME=FILE` names, subjects that the
 * mapping maps, and for Protobuf what its imports name, looked for from the file's folder upwards.
 */
export function readWithDependencies(
  schema: FoundSchema,
  given: readonly GivenReference[],
  mapped: readonly FoundSchema[],
  readText: ReadText = readTextFile,
): SchemaFile {
  const type = schema.type ?? typeOfFile(schema.file);
  const text = readText(schema.file) ?? '';
  const bySubject = new Map(mapped.map((each) => [each.subject, each]));
  const found = new Map<string, OfflineDependency>();
  const begun = new Set<string>();
  const add = (name: string, file: string, next: FoundSchema): void => {
    if (begun.has(name)) return;
    begun.add(name);
    const used = readText(file);
    if (used === undefined) return;
    usesOf(next, used).forEach(([inner, innerFile, innerSchema]) => void add(inner, innerFile, innerSchema));
    // Entered after what it uses itself.
    found.set(name, { name, text: used });
  };
  const usesOf = (user: FoundSchema, userText: string): readonly [string, string, FoundSchema][] => {
    const byMapping = (user.references ?? []).map(({ name, subject }): [string, string, FoundSchema] => {
      const target = bySubject.get(subject);
      if (target !== undefined) return [name, target.file, target];
      throw new Problem('REFERENCE_UNKNOWN', `${user.file} uses ${subject}, which no file is mapped to`, {
        fix: `Map ${subject} to its file, or give --references ${name}=FILE.`,
      });
    });
    if (type !== 'PROTOBUF') return byMapping;
    const named = new Set([...byMapping.map(([name]) => name), ...given.map(({ name }) => name)]);
    return [
      ...byMapping,
      ...importsOf(userText).flatMap((name): [string, string, FoundSchema][] => {
        const file = named.has(name) ? undefined : findImport(dirname(user.file), name);
        return file === undefined ? [] : [[name, file, { file }]];
      }),
    ];
  };
  for (const { name, file } of given) if (file !== undefined) add(name, file, { file });
  usesOf(schema, text).forEach(([name, file, next]) => void add(name, file, next));
  return { file: schema.file, type, text, dependencies: [...found.values()] };
}

/** What `--references` names: a file for checks without a registry, a published version for those with one. */
export interface GivenReference {
  readonly name: string;
  readonly file?: string;
  readonly subject?: string;
  readonly version?: number;
}

/** Reads NAME=FILE or NAME=SUBJECT@VERSION. Throws INPUT_INVALID. */
export function parseReference(text: string): GivenReference {
  const cut = text.lastIndexOf('=');
  const [name, target] = [text.slice(0, cut), text.slice(cut + 1)];
  if (cut < 1 || target === '') {
    throw new Problem('INPUT_INVALID', `--references ${text}: it names nothing`, {
      fix: 'Give NAME=FILE, or NAME=SUBJECT@VERSION for what is published.',
    });
  }
  const published = /^(.+)@([1-9]\d{0,9})$/.exec(target);
  if (published === null || existsSync(target)) return { name, file: target };
  return { name, subject: published[1] ?? '', version: Number(published[2]) };
}

function importsOf(text: string): readonly string[] {
  return [...text.matchAll(/^[ \t]*import\s+(?:public\s+|weak\s+|option\s+)?["']([^"']+)["']\s*;/gm)].map(
    ([, name]) => name ?? '',
  );
}

/** Imports count from a root that no file names: the nearest folder above that has the file is taken. */
function findImport(folder: string, name: string): string | undefined {
  for (let from = folder, hops = 0; hops < 32; hops += 1) {
    const file = normalize(join(from, name));
    if (existsSync(file)) return file;
    if (from === '.' || from === '/' || from.endsWith('..')) return undefined;
    from = dirname(from);
  }
  return undefined;
}
