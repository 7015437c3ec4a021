import { Problem } from '@spine/kernel/problem';
import { isProblemCode } from '../client/is-problem-code.ts';
import type { SpineClient } from '../client/spine-client.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import { type CheckOptions, parseCheckOptions } from './check-options.ts';
import type { FoundSchema } from './find-schemas.ts';
import { type CheckedFile, understatedFinding } from './finding.ts';
import { checkedByProblem, foundByRegistry } from './problem-check.ts';
import { checkAnswer, lintAnswer, publishAnswer } from './registry-answers.ts';
import { checkedByReport } from './registry-check.ts';
import type { SchemaFile } from './schema-file.ts';
import { schemaRequest } from './schema-request.ts';
import { queryOf, subjectPath } from './subject-path.ts';

/** What a file is, and for which subject it is meant. */
export interface SubjectFile {
  readonly schema: FoundSchema;
  readonly file: SchemaFile;
  readonly subject: string;
}

export interface AskOptions extends CheckOptions {
  readonly version?: string;
}

/** A version that a publish made, or found. */
export interface PublishedVersion {
  readonly subject: string;
  readonly version: number;
  readonly semver: string;
  readonly bump: string;
  readonly id: number;
}

/** Asks the registry what publishing would do; nothing is stored. */
export async function checkWithRegistry(
  client: SpineClient,
  { schema, file, subject }: SubjectFile,
  options: AskOptions,
): Promise<CheckedFile> {
  return await orRefused(client, file, subject, async () => {
    const body = await schemaRequest(client, schema, file, options);
    const path = `${subjectPath(subject, 'check')}${queryOf(rulesOf(options))}`;
    const { report, refusal, semver, known } = checkAnswer.parse(await client.post('registry', path, body));
    const checked = await checkedByReport(client, file, subject, report);
    const exitCode =
      refusal === null ? exitCodes.good : isProblemCode(refusal) ? exitCodeOf(refusal) : exitCodes.refused;
    return {
      ...checked,
      passed: refusal === null,
      exitCode,
      semver,
      bump: known === null ? checked.bump : null,
      findings: [
        ...(refusal === 'VERSION_UNDERSTATED'
          ? [understatedFinding(file, options.version ?? schema.version ?? '', semver, checked.bump ?? null)]
          : []),
        ...checked.findings,
      ],
    };
  });
}

/** Asks the registry what its rules have against a file, by the severities of the subject and the version that it follows. */
export async function lintWithRegistry(
  client: SpineClient,
  { schema, file, subject }: SubjectFile,
  options: AskOptions,
): Promise<CheckedFile> {
  return await orRefused(client, file, subject, async () => {
    const body = await schemaRequest(client, schema, file, options);
    const { clean, findings } = lintAnswer.parse(
      await client.post('registry', subjectPath(subject, 'lint'), body),
    );
    return {
      file,
      subject,
      against: [],
      affected: [],
      passed: clean,
      exitCode: clean ? exitCodes.good : exitCodes.lint,
      findings: findings.map((finding) => foundByRegistry(file, finding)),
    };
  });
}

/** Publishes a file. Refused, it answers what was found about it, and no version. */
export async function publishToRegistry(
  client: SpineClient,
  { schema, file, subject }: SubjectFile,
  options: AskOptions,
  published: ReadonlyMap<string, number>,
): Promise<{ readonly checked: CheckedFile; readonly version?: PublishedVersion }> {
  let version: PublishedVersion | undefined;
  const checked = await orRefused(client, file, subject, async () => {
    const body = await schemaRequest(client, schema, file, options, published);
    const path = `${subjectPath(subject)}${queryOf(rulesOf(options))}`;
    const { report, ...made } = publishAnswer.parse(await client.post('registry', path, body));
    version = made;
    const { level, profile, compatible } = report;
    // Breaches that a new major version brings are told in the changelog.
    const told = { against: [], findings: [], affected: report.affected };
    const { semver, bump } = made;
    const kept = { passed: true, exitCode: exitCodes.good, level, profile, compatible, semver, bump };
    return { file, subject, ...kept, ...told };
  });
  return { checked, ...(version !== undefined && { version }) };
}

async function orRefused(
  client: SpineClient,
  file: SchemaFile,
  subject: string,
  ask: () => Promise<CheckedFile>,
): Promise<CheckedFile> {
  try {
    return await ask();
  } catch (error) {
    // Who cannot be asked refuses nothing: that ends the command.
    if (!(error instanceof Problem) || exitCodeOf(error.code) === exitCodes.environment) throw error;
    return await checkedByProblem(client, file, subject, error);
  }
}

/** The profile of the flag is for this once; that of the mapping is the subject's own, and goes with the schema. */
function rulesOf(options: AskOptions): Readonly<Record<string, string | undefined>> {
  const { profile, policy } = parseCheckOptions(options);
  return { profile, policy };
}
