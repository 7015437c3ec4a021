import { z } from 'zod';
import { spineSpecShape } from './spine-spec.ts';

/** The keys that spine.yaml knows at a path, for an error that names the nearest. */
export function keysAt(path: readonly PropertyKey[]): readonly string[] {
  let shape: unknown = spineSpecShape;
  for (const part of path) {
    const inner = unwrap(shape);
    if (inner instanceof z.ZodArray) shape = inner.element;
    else if (inner instanceof z.ZodObject) shape = Reflect.get(inner.shape, part);
    else return [];
  }
  const found = unwrap(shape);
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
}

function unwrap(shape: unknown): unknown {
  if (shape instanceof z.ZodDefault || shape instanceof z.ZodOptional) return unwrap(shape.unwrap());
  return shape;
}
