import { Problem } from '@spine/kernel/problem';
import type { OfflineLevel, OfflineProfile } from '@spine/registry/offline';
import { type CheckOptions, parseCheckOptions, withOptions } from '../../schema/check-options.ts';
import { compareFiles } from '../../schema/compare-files.ts';
import { type FoundSchema, findSchemas, readMapping } from '../../schema/find-schemas.ts';
import type { CheckedFile } from '../../schema/finding.ts';
import { createGitHistory, type GitHistory } from '../../schema/git-history.ts';
import { type ReadText, readWithDependencies } from '../../schema/read-with-dependencies.ts';
import { printsJson, type ReportOptions, reportChecks } from '../../schema/report-checks.ts';
import type { SchemaFile } from '../../schema/schema-file.ts';
import { terminal } from '../../terminal.ts';

export interface ValidateOptions extends CheckOptions, ReportOptions {
  readonly against?: readonly string[];
  readonly baseRef?: string;
  /** The semver to ask for, where a registry is asked. */
  readonly version?: string;
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
  if (against.length > 0) return [checkAgainst(files, against, options)];
  if (baseRef !== undefined) return checkSince(files, createGitHistory(baseRef), options);
  const { checkOnline } = await import('./check-online.ts');
  return await checkOnline(files, options);
}

/** One file against named ones, the newest first. */
function checkAgainst(
  files: readonly string[],
  against: readonly string[],
  options: ValidateOptions,
): CheckedFile {
  const found = findSchemas(files, options.mapping);
  const [first] = found;
  if (first === undefined || found.length > 1) {
    throw new Problem('INPUT_INVALID', `--against compares one file, and ${found.length} are named`, {
      fix: 'Call it once for each file, or compare many with their past by --base-ref.',
    });
  }
  const schema = withOptions(first, options);
  const read = reader(options);
  const file = read(schema);
  // An old file has the type that its ending tells, so that a change of type is seen.
  const old = against.map((name) => {
    const isKnown = options.type === undefined && /\.(avsc|proto|json)$/i.test(name);
    return read({ ...schema, file: name, type: isKnown ? undefined : file.type });
  });
  return compareFiles(file, old, termsOf(schema, options));
}

/** Every schema that changed since a revision, against its text of then. */
function checkSince(
  files: readonly string[],
  history: GitHistory,
  options: ValidateOptions,
): readonly CheckedFile[] {
  const changed = new Set(history.changed());
  const read = reader(options);
  return findSchemas(files, options.mapping)
    .filter(({ file }) => changed.has(file))
    .map((found) => {
      const schema = withOptions(found, options);
      const file = read(schema);
      const isOld = history.textAt(schema.file) !== undefined;
      const old = isOld ? [read(schema, (name) => history.textAt(name))] : [];
      const revision = history.base.slice(0, 10);
      return compareFiles(
        file,
        old.map((each) => ({ ...each, file: `${each.file}@${revision}` })),
        termsOf(schema, options),
      );
    });
}

function reader(options: ValidateOptions): (schema: FoundSchema, readText?: ReadText) => SchemaFile {
  const { references } = parseCheckOptions(options);
  const mapped = readMapping(options.mapping);
  return (schema, readText) => readWithDependencies(schema, references, mapped, readText);
}

function termsOf(
  { level = defaults.level, profile = defaults.profile }: FoundSchema,
  options: ValidateOptions,
) {
  return { level, profile, policy: parseCheckOptions(options).policy };
}
