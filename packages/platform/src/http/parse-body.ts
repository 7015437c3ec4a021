import { Problem } from '@spine/kernel/problem';
import type { z } from 'zod';

/** Parses a request body by its zod shape. Throws INPUT_INVALID that names every fault by its path. */
export function parseBody<T extends z.ZodType>(shape: T, body: unknown): z.infer<T> {
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  throw new Problem('INPUT_INVALID', faults.join('; '), {
    fix: 'Correct the request body as the message says.',
    extensions: { faults },
  });
}
