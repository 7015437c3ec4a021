import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { Problem } from '@spine/kernel/problem';
import type { OfflineDependency } from '@spine/registry/offline';
import type { FoundSchema } from './find-schemas.ts';
import type { GivenReference } from './parse-reference.ts';
import { readTextFile, type SchemaFile, typeOfFile } from './schema-file.ts';

/** How the text of a file is read: as it is now, or as it was. Undefined where it was not there. */
export type ReadText = (file: string) => string | undefined;

/** Files as they are now. */
export const readPresent: ReadText = (file) => (existsSync(file) ? readTextFile(file) : undefined);

/** A file that a text uses, by the name that the text has for it. */
interface Use {
  readonly name: string;
  readonly schema: FoundSchema;
}

/**
 * Reads a schema with all that it uses, dependencies first: files that `--references NAME=FILE` names, subjects that the
 * mapping maps, and what imports of Protobuf and `$ref` of JSON Schema name beside the file.
 */
export function readWithDependencies(
  schema: FoundSchema,
  given: readonly GivenReference[],
  mapped: readonly FoundSchema[],
  readText: ReadText = readPresent,
): SchemaFile {
  const type = schema.type ?? typeOfFile(schema.file);
  // A file that is not there is told by whoever reads files.
  const text = readText(schema.file) ?? readTextFile(schema.file);
  const byName = given.flatMap(({ name, file }) => (file === undefined ? [] : [{ name, schema: { file } }]));
  const bySubject = new Map(mapped.map((each) => [each.subject, each]));
  const found = new Map<string, OfflineDependency>();
  const begun = new Set<string>();
  const add = ({ name, schema: used }: Use): void => {
    if (begun.has(name)) return;
    begun.add(name);
    const usedText = readText(used.file);
    if (usedText === undefined) return;
    usesOf(used, usedText).forEach(add);
    // Entered after what it uses itself.
    found.set(name, { name, text: usedText });
  };
  const usesOf = (user: FoundSchema, userText: string): readonly Use[] => {
    const named = (user.references ?? []).map(({ name, subject }) => {
      const target = bySubject.get(subject);
      if (target !== undefined) return { name, schema: target };
      throw new Problem('REFERENCE_UNKNOWN', `${user.file} uses ${subject}, which no file is mapped to`, {
        fix: `Map ${subject} to its file, or ask the registry: without --against and --base-ref.`,
      });
    });
    const known = new Set([...named, ...byName].map(({ name }) => name));
    const others = namesIn(type, userText).flatMap((name) => {
      const file = known.has(name) ? undefined : findNear(dirname(user.file), name, readText);
      return file === undefined ? [] : [{ name, schema: { file } }];
    });
    return [...named, ...others];
  };
  for (const use of [...byName, ...usesOf(schema, text)]) add(use);
  return { file: schema.file, type, text, dependencies: [...found.values()] };
}

/** The files that a text names itself. */
function namesIn(type: SchemaFile['type'], text: string): readonly string[] {
  switch (type) {
    case 'PROTOBUF':
      return firstGroups(text, /^[ \t]*import\s+(?:public\s+|weak\s+|option\s+)?["']([^"']+)["']\s*;/gm);
    case 'JSON':
      // Relative ones: those with a scheme are found by the ids of what is given.
      return firstGroups(text, /"\$ref"\s*:\s*"([^"#:\\]+)/g);
    case 'AVRO':
      return [];
  }
}

function firstGroups(text: string, pattern: RegExp): readonly string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, name]) => name ?? ''))];
}

/** Names count from a root that no file tells: the nearest folder above that has the file is taken. */
function findNear(folder: string, name: string, readText: ReadText): string | undefined {
  for (let from = folder, hops = 0; hops < 32; hops += 1) {
    const file = normalize(join(from, name));
    if (readText(file) !== undefined) return file;
    if (from === '.' || from === '/' || from.endsWith('..')) return undefined;
    from = dirname(from);
  }
  return undefined;
}
