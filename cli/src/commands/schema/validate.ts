import { Problem } from '@spine/kernel/problem';
import type { OfflineLevel, OfflineProfile } from '@spine/registry/offline';
import { type CheckOptions, parseCheckOptions, withOptions } from '../../schema/check-options.ts';
import { compareFiles } from '../../schema/compare-files.ts';
import { defaultMapping, type FoundSchema, findSchemas, readMapping } from '../../schema/find-schemas.ts';
import type { CheckedFile } from '../../schema/finding.ts';
import { createGitHistory, type GitHistory } from '../../schema/git-history.ts';
import { type ReadText, readPresent, readWithDependencies } from '../../schema/read-with-dependencies.ts';
import { printsJson, type ReportOptions, reportChecks } from '../../schema/report-checks.ts';
import type { SchemaFile } from '../../schema/schema-file.ts';
import { terminal } from '../../terminal.ts';

export interface ValidateOptions extends CheckOptions, ReportOptions {
  readonly against?: readonly string[];
  readonly baseRef?: string;
  /** The semver that the schema is to have. */
  readonly version?: string;
  /** The semver of what it is compared with. */
  readonly since?: string;
}

const defaults: { readonly level: OfflineLevel; readonly profile: OfflineProfile } = {
  level: 'FULL',
  profile: 'confluent',
};

/**
 * `spine schema validate`: whether schemas keep their compatibility level. Against files or a revision of git without any
 * server, else against what the registry has. Answers 11 when one does not, 2 when one cannot be read.
 */
export async function validate(files: readonly string[], options: ValidateOptions): Promise<number> {
  const checks = await check(files, options);
  if (!printsJson(options)) {
    if (checks.length === 0) terminal.line('no schema has changed');
    const isDefault = checks.some(({ level }) => level === defaults.level) && options.level === undefined;
    if (isDefault) terminal.line(terminal.colour.dim(`level ${defaults.level}, where nothing sets another`));
  }
  return reportChecks(checks, options, 'spine schema validate');
}

async function check(files: readonly string[], options: ValidateOptions): Promise<readonly CheckedFile[]> {
  const { against = [], baseRef } = options;
  parseCheckOptions(options);
  if (against.length > 0 && baseRef !== undefined) {
    throw new Problem('INPUT_INVALID', '--against and --base-ref both say what to compare with', {
      fix: 'Give one of them.',
    });
  }
  if (against.length > 0) return [await checkAgainst(files, against, options)];
  if (baseRef !== undefined) return await checkSince(files, createGitHistory(baseRef), options);
  const { checkOnline } = await import('./check-online.ts');
  return await checkOnline(files, options);
}

/** One file against named ones, the newest first. */
async function checkAgainst(
  files: readonly string[],
  against: readonly string[],
  options: ValidateOptions,
): Promise<CheckedFile> {
  const found = await findSchemas(files, options.mapping);
  const [first] = found;
  if (first === undefined || found.length > 1) {
    throw new Problem('INPUT_INVALID', `--against compares one file, and ${found.length} are named`, {
      fix: 'Call it once for each file, or compare many with their past by --base-ref.',
    });
  }
  const schema = withOptions(first, options);
  const read = await reader(options);
  const file = read(schema);
  // An old file has the type that its ending tells, so that a change of type is seen.
  const old = against.map((name) => {
    const isKnown = options.type === undefined && /\.(avsc|proto|json)$/i.test(name);
    return read({ ...schema, file: name, type: isKnown ? undefined : file.type });
  });
  return compareFiles(file, old, termsOf(schema, options));
}

/** Every schema that changed since a revision, or that uses a file which did, against its text of then. */
async function checkSince(
  files: readonly string[],
  history: GitHistory,
  options: ValidateOptions,
): Promise<readonly CheckedFile[]> {
  const read = await reader(options);
  const found = await findSchemas(files, options.mapping);
  const versions = await versionsAt(history, options.mapping ?? defaultMapping);
  return found.flatMap((each) => {
    const schema = withOptions(each, options);
    let hasChanged = false;
    const file = read(schema, (name) => {
      hasChanged ||= history.hasChanged(name);
      return readPresent(name);
    });
    if (!hasChanged) return [];
    const isOld = history.textAt(schema.file) !== undefined;
    const old = isOld ? [read(schema, (name) => history.textAt(name))] : [];
    const named = old.map((then) => ({ ...then, file: `${then.file}@${history.base.slice(0, 10)}` }));
    const terms = termsOf(schema, options);
    return [compareFiles(file, named, { ...terms, since: terms.since ?? versions.get(schema.subject) })];
  });
}

/** The versions by subject that the mapping stated then; none where it was not there, or could not be read. */
async function versionsAt(
  history: GitHistory,
  mapping: string,
): Promise<ReadonlyMap<string | undefined, string>> {
  const text = history.textAt(mapping);
  if (text === undefined) return new Map();
  const { parseSchemasFile } = await import('../../schema/parse-schemas-file.ts');
  try {
    const { schemas } = parseSchemasFile(text, mapping);
    return new Map(
      schemas.flatMap(({ subject, version }) => (version === undefined ? [] : [[subject, version] as const])),
    );
  } catch (error) {
    if (error instanceof Problem) return new Map();
    throw error;
  }
}

async function reader(
  options: ValidateOptions,
): Promise<(schema: FoundSchema, readText?: ReadText) => SchemaFile> {
  const { references } = parseCheckOptions(options);
  const mapped = await readMapping(options.mapping);
  return (schema, readText) => readWithDependencies(schema, references, mapped, readText);
}

function termsOf(
  { level = defaults.level, profile = defaults.profile, version }: FoundSchema,
  options: ValidateOptions,
) {
  const { policy } = parseCheckOptions(options);
  return { level, profile, policy, version: options.version ?? version, since: options.since };
}
