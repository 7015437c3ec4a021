import { nearest } from '@spine/kernel/nearest';
import { Problem } from '@spine/kernel/problem';
import { parseBody } from '@spine/platform/http/parse-body';
import type { z } from 'zod';

/** Parses a body or a query as `parseBody` does; of a key that nobody knows the problem names the nearest known one. */
export function parseInput<Shape extends z.ZodRawShape>(
  shape: z.ZodObject<Shape>,
  input: unknown,
): z.output<z.ZodObject<Shape>> {
  const known = Object.keys(shape.shape);
  const unknown = keysOf(input).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    const meant = nearest(unknown, known);
    const listed = known.length === 0 ? 'none are taken' : `known are ${known.join(', ')}`;
    throw new Problem('INPUT_INVALID', `${JSON.stringify(unknown.slice(0, 80))} is not known here`, {
      fix: meant === undefined ? listed : `did you mean ${meant}?`,
      path: `/${unknown.slice(0, 80).replaceAll('~', '~0').replaceAll('/', '~1')}`,
    });
  }
  return parseBody(shape, input);
}

function keysOf(input: unknown): readonly string[] {
  return typeof input === 'object' && input !== null && !Array.isArray(input) ? Object.keys(input) : [];
}
