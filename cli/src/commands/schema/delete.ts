import { createSpineClient } from '../../client/spine-client.ts';
import { processEnv } from '../../config.ts';
import { exitCodes } from '../../exit-codes.ts';
import { deleteAnswer } from '../../schema/registry-answers.ts';
import { subjectPath } from '../../schema/subject-path.ts';
import { terminal } from '../../terminal.ts';

export interface DeleteOptions {
  readonly json?: boolean;
  readonly version?: string;
  readonly permanent?: boolean;
}

/** `spine schema delete`: hides a version or a whole subject; with `--permanent` what was hidden before is gone. */
export async function deleteSchema(subject: string, options: DeleteOptions): Promise<number> {
  const { version, permanent, json } = options;
  const steps = version === undefined ? [] : ['versions', version];
  const path = `${subjectPath(subject, ...steps)}${permanent ? '?permanent=true' : ''}`;
  const answer = await createSpineClient(processEnv).delete('registry', path);
  const { versions } = deleteAnswer.parse(answer);
  if (json) terminal.json(answer);
  else {
    const names = versions.map(({ semver }) => semver).join(', ');
    const next = permanent ? '' : '; its id still resolves';
    terminal.line(
      `${terminal.colour.green('✓')} ${subject}: ${names} deleted${permanent ? ' for good' : ''}${next}`,
    );
  }
  return exitCodes.good;
}
