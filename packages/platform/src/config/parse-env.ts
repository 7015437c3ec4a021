import { nearest } from '@spine/kernel/nearest';
import { Problem } from '@spine/kernel/problem';
import type { z } from 'zod';

/** Parses the environment by a zod shape of its variables. Throws one CONFIG_INVALID that names every fault. */
export function parseEnv<T extends z.ZodType>(
  shape: T,
  env: Readonly<Record<string, string | undefined>>,
): z.infer<T> {
  const set = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = shape.safeParse(set);
  if (parsed.success) return parsed.data;
  const names = Object.keys(set).filter((name) => name.startsWith('SPINE_'));
  const faults = parsed.error.issues.map((issue) => {
    const name = issue.path.join('.');
    const mistyped = set[name] === undefined ? nearest(name, names) : undefined;
    return `  ${name}: ${set[name] === undefined && issue.code === 'invalid_type' ? 'is required' : issue.message}${
      mistyped === undefined ? '' : ` (did you mean to write it where ${mistyped} is set?)`
    }`;
  });
  throw new Problem('CONFIG_INVALID', `the environment has ${faults.length} fault(s)\n${faults.join('\n')}`, {
    fix: 'Set the variables named above; docs/internal-contracts.md lists all of them.',
  });
}
