import { createSpineClient } from '../../client/spine-client.ts';
import { processEnv } from '../../config.ts';
import { exitCodes } from '../../exit-codes.ts';
import { printTable } from '../../schema/print-table.ts';
import { deploymentAnswer } from '../../schema/registry-answers.ts';
import { subjectPath } from '../../schema/subject-path.ts';
import { terminal } from '../../terminal.ts';

export interface DeploymentOptions {
  readonly json?: boolean;
  readonly version?: string;
}

/** `spine schema deployment`: whether everyone who uses a subject was held against a version. Answers 1 when not. */
export async function deployment(subject: string, options: DeploymentOptions): Promise<number> {
  const path = subjectPath(subject, 'versions', options.version ?? 'latest', 'deployment');
  const answer = deploymentAnswer.parse(await createSpineClient(processEnv).get('registry', path));
  const { semver, deployed, members } = answer;
  if (options.json) terminal.json(answer);
  else {
    const { green, red, bold } = terminal.colour;
    terminal.line(
      `${deployed ? green('✓') : red('✗')} ${bold(subject)} ${semver} is ${deployed ? '' : 'not '}deployed`,
    );
    if (members.length === 0)
      terminal.line('  nobody is registered: `spine schema usage add` registers who uses it');
    else {
      printTable(terminal, [
        ['ROLE', 'NAME', 'VERSION', 'CONTACT', 'WHY NOT'],
        ...members.map(({ role, name, version, contact, why }) => [
          role.toLowerCase(),
          name,
          String(version),
          contact ?? '-',
          why ?? '',
        ]),
      ]);
    }
  }
  return deployed ? exitCodes.good : exitCodes.refused;
}
