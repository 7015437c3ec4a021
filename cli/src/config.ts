import { resolve } from 'node:path';

export type Env = Readonly<Record<string, string | undefined>>;

/** The environment of this process: the one place of the CLI that reads it. */
export const processEnv: Env = process.env;

/** Where all state of `spine up` lives. */
export function homeOf(env: Env): string {
  return resolve(env['SPINE_HOME'] ?? '.spine');
}

/** Colours are for people at a terminal (https://no-color.org). */
export function wantsColour(env: Env): boolean {
  return process.stdout.isTTY === true && env['NO_COLOR'] === undefined;
}
