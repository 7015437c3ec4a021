import { Problem } from '@spine/kernel/problem';
import { createColors } from 'picocolors';
import { processEnv, wantsColour } from './config.ts';

const colour = createColors(wantsColour(processEnv));

/** How a command speaks: people read lines on stdout, faults go to stderr, `--json` prints one document. */
export interface Terminal {
  readonly colour: typeof colour;
  line(text?: string): void;
  json(value: unknown): void;
  problem(error: unknown, asJson: boolean): void;
}

/** The terminal of this process. */
export const terminal: Terminal = {
  colour,
  line: (text = '') => void process.stdout.write(`${text}\n`),
  json: (value) => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`),
  problem(error, asJson) {
    if (error instanceof Problem) {
      const { code, message, fix, extensions } = error;
      if (asJson) terminal.json({ error: { code, message, fix, ...extensions } });
      else {
        process.stderr.write(`${colour.red(code)}: ${message}\n`);
        if (fix !== undefined) process.stderr.write(`${colour.bold('fix:')} ${fix}\n`);
      }
      return;
    }
    const message = error instanceof Error ? error.message : String(error);
    if (asJson) terminal.json({ error: { code: 'INTERNAL', message } });
    else process.stderr.write(`${colour.red('INTERNAL')}: ${message}\n`);
  },
};
