import { createSpineClient } from '../../client/spine-client.ts';
import { processEnv } from '../../config.ts';
import { exitCodes } from '../../exit-codes.ts';
import { versionEntry } from '../../schema/registry-answers.ts';
import { subjectPath } from '../../schema/subject-path.ts';
import { terminal } from '../../terminal.ts';

export interface DeprecateOptions {
  readonly json?: boolean;
  readonly version: string;
  readonly sunset?: string;
  readonly note?: string;
  /** Takes the deprecation back. */
  readonly undo?: boolean;
}

/** `spine schema deprecate`: tells readers that a version will go, and when. */
export async function deprecate(subject: string, options: DeprecateOptions): Promise<number> {
  const { version, sunset, note, undo, json } = options;
  const client = createSpineClient(processEnv);
  const path = subjectPath(subject, 'versions', version, 'deprecation');
  const answer = undo
    ? await client.delete('registry', path)
    : await client.put('registry', path, { ...(sunset && { sunset }), ...(note && { note }) });
  const { semver, deprecation } = versionEntry.parse(answer);
  if (json) terminal.json(answer);
  else {
    const until = deprecation?.sunset ? `, until ${deprecation.sunset.slice(0, 10)}` : '';
    const state = deprecation === null ? 'is no longer deprecated' : `is deprecated${until}`;
    terminal.line(`${terminal.colour.green('✓')} ${subject} ${semver} ${state}`);
  }
  return exitCodes.good;
}
