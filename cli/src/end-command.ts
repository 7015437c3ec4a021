import { Problem } from '@spine/kernel/problem';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { terminal } from './terminal.ts';

/** Runs a command to its end: the exit code is what it answers, or that of the problem it throws, which is then told. */
export async function endCommand(
  command: () => Promise<number>,
  { json, format }: { readonly json?: boolean | undefined; readonly format?: string | undefined },
): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    terminal.problem(error, json === true || format === 'json');
    process.exitCode = error instanceof Problem ? exitCodeOf(error.code) : exitCodes.refused;
  }
}
