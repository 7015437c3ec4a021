import { Problem } from '@spine/kernel/problem';
import type { z } from 'zod';

/** Parses what a caller sent by its zod shape. Throws INPUT_INVALID that names every fault by its JSON pointer, and no value. */
export function parseBody<Shape extends z.ZodType>(shape: Shape, body: unknown): z.output<Shape> {
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => ({ path: pointerOf(path), message }));
  const text = faults.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  throw new Problem('INPUT_INVALID', `the input is not as it must be: ${text}`, {
    fix: 'Correct what is named here; docs and schema/openapi describe the shape.',
    ...(faults[0] === undefined ? {} : { path: faults[0].path }),
    extensions: { faults },
  });
}

/** RFC 6901. */
function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
