import { createSpineClient } from '../../client/spine-client.ts';
import { processEnv } from '../../config.ts';
import { exitCodes } from '../../exit-codes.ts';
import { rollbackAnswer } from '../../schema/registry-answers.ts';
import { subjectPath } from '../../schema/subject-path.ts';
import { terminal } from '../../terminal.ts';

export interface RollbackOptions {
  readonly json?: boolean;
  readonly to: string;
  readonly reason?: string;
  readonly force?: boolean;
  readonly approver?: string;
}

/** `spine schema rollback`: makes an older version the latest again, where it reads all that was written since. */
export async function rollback(subject: string, options: RollbackOptions): Promise<number> {
  const { to, reason, approver, force } = options;
  const body = { to, ...(reason && { reason }), ...(approver && { approver }), ...(force && { force }) };
  const client = createSpineClient(processEnv);
  const answer = await client.post('registry', subjectPath(subject, 'rollback'), body);
  const { latest, rolledBack } = rollbackAnswer.parse(answer);
  if (options.json) terminal.json(answer);
  else {
    const { colour } = terminal;
    terminal.line(`${colour.green('✓')} the latest of ${colour.bold(subject)} is ${latest.semver} again`);
    for (const version of rolledBack)
      terminal.line(`  ${colour.yellow('-')} ${version.semver} is rolled back`);
    terminal.line(colour.dim('  their ids still resolve: what was written with them stays readable'));
  }
  return exitCodes.good;
}
