import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, normalize, relative, resolve } from 'node:path';
import { Problem } from '@spine/kernel/problem';
import type { OfflineType } from '@spine/registry/offline';
import { globSync, isDynamicPattern } from 'tinyglobby';
import { parseTypeWord, readTextFile } from './schema-file.ts';
import type { SchemaMapping } from './schemas-file-shape.ts';

/** A schema that a command works on: its file, and what spine.schemas.yaml says of it. */
export interface FoundSchema extends Partial<Omit<SchemaMapping, 'file' | 'type'>> {
  /** Path from the current folder. */
  readonly file: string;
  readonly type?: OfflineType | undefined;
}

/** The mapping that commands look for in the current folder. */
export const defaultMapping = 'spine.schemas.yaml';

/**
 * The schemas that files and globs name; without any, all of spine.schemas.yaml. What the mapping says of a file holds
 * however it was named. Throws INPUT_INVALID where nothing is found.
 */
export async function findSchemas(
  patterns: readonly string[],
  mapping?: string,
): Promise<readonly FoundSchema[]> {
  const mapped = await readMapping(mapping);
  if (patterns.length === 0) {
    if (mapped.length > 0) return mapped;
    throw new Problem('INPUT_INVALID', `no files are named, and there is no ${defaultMapping} here`, {
      fix: `Name schema files or globs, or map them in ${defaultMapping} (docs/schema-ci.md).`,
    });
  }
  const byFile = new Map(mapped.map((schema) => [identityOf(schema.file), schema]));
  return expand(patterns).map((file) => byFile.get(identityOf(file)) ?? { file });
}

/** The schemas of a mapping: the given one, or that of the current folder if it has one. */
export async function readMapping(given: string | undefined): Promise<readonly FoundSchema[]> {
  const mapping = given ?? (existsSync(defaultMapping) ? defaultMapping : undefined);
  if (mapping === undefined) return [];
  // Whoever has no mapping does not wait for its parser.
  const { parseSchemasFile } = await import('./parse-schemas-file.ts');
  const { defaults = {}, schemas } = parseSchemasFile(readTextFile(mapping), mapping);
  return schemas.flatMap((entry) => {
    const files = expand([join(dirname(mapping), entry.file)]);
    if (files.length > 1 && !entry.subject.includes('{name}')) {
      throw new Problem(
        'CONFIG_INVALID',
        `${mapping}: ${entry.file} names ${files.length} files, and one subject`,
        {
          fix: "Write {name} into the subject, such as '{name}-value'.",
        },
      );
    }
    return files.map((file): FoundSchema => {
      const name = basename(file).replace(/(\.schema)?\.[^.]+$/, '');
      const { type, ...rest } = entry;
      return {
        ...defaults,
        ...rest,
        file,
        subject: entry.subject.replaceAll('{name}', name),
        type: type === undefined ? undefined : parseTypeWord(type),
      };
    });
  });
}

/** Files by name and by glob, each once, in a stable order. A name is taken as it is; a glob that finds nothing is a fault. */
function expand(patterns: readonly string[]): readonly string[] {
  const files = patterns.flatMap((pattern) => {
    if (existsSync(pattern) || !isDynamicPattern(pattern)) return [normalize(pattern)];
    const found = globSync(pattern, {
      ignore: ['**/node_modules/**'],
      expandDirectories: false,
      absolute: isAbsolute(pattern),
    });
    if (found.length > 0) return found.map(normalize).toSorted();
    throw new Problem('INPUT_INVALID', `${pattern} finds no file`, {
      fix: 'Quote the glob, so that the shell does not expand it, and check where it starts.',
    });
  });
  return [...new Map(files.map((file) => [identityOf(file), file])).values()];
}

/** One name for a file, by whatever path it was named. */
function identityOf(file: string): string {
  const path = isAbsolute(file) ? file : resolve(file);
  return relative('/', existsSync(path) ? realpathSync(path) : path);
}
