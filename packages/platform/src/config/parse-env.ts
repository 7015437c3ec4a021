import { nearest } from '@spine/kernel/nearest';
import { Problem } from '@spine/kernel/problem';
import type { z } from 'zod';
import { knownVariables } from './known-variables.ts';

/** A process's environment. */
export type Env = Readonly<Record<string, string | undefined>>;

/**
 * Parses an environment by a zod object whose keys are the variables. A variable that is set to nothing counts as unset.
 * Throws one Problem CONFIG_INVALID that names every fault at once, misspelt SPINE_* variables included; never a value.
 */
export function parseEnv<Shape extends z.ZodType>(shape: Shape, env: Env): z.output<Shape> {
  const set = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const misspelt = Object.keys(set).flatMap((name) => {
    const meant = misspellingOf(name);
    return meant === undefined ? [] : [`${name} is not a variable; did you mean ${meant}?`];
  });
  const parsed = shape.safeParse(set);
  const faults = [
    ...(parsed.success ? [] : parsed.error.issues.map((issue) => faultOf(issue, set))),
    ...misspelt,
  ];
  if (parsed.success && faults.length === 0) return parsed.data;
  throw new Problem('CONFIG_INVALID', `the environment has ${plural(faults.length)}: ${faults.join('; ')}`, {
    fix: 'Set these variables as said and start again.',
    extensions: { faults },
  });
}

function faultOf(issue: z.core.$ZodIssue, set: Env): string {
  const name = issue.path.join('.');
  const missing = issue.code === 'invalid_type' && set[name] === undefined;
  return `${name} ${missing ? 'is required' : issue.message.replace(/^Invalid/, 'is invalid')}`;
}

/** The known variable that an unknown one was meant to be. `SPINE_HOME_2` extends a name, so it is a name of its own. */
function misspellingOf(name: string): string | undefined {
  if (!name.startsWith('SPINE_') || knownVariables.includes(name)) return undefined;
  const meant = nearest(name, knownVariables);
  return meant !== undefined && !name.startsWith(`${meant}_`) ? meant : undefined;
}

function plural(count: number): string {
  return count === 1 ? 'one fault' : `${count} faults`;
}
