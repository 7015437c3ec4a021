import { z } from 'zod';
import { spineSpecShape } from './spine-spec.ts';

/** The keys that spine.yaml knows at a path, for an error that names the nearest. */
export function keysAt(path: readonly PropertyKey[]): readonly string[] {
  let shape: unknown = spineSpecShape;
  for (const part of path) {
    const inner = unwrap(shape);
    if (inner instanceof z.ZodArray) shape = inner.element;
    else if (inner instanceof z.ZodObject) shape = Reflect.get(inner.shape, part);
    else if (inner instanceof z.ZodDiscriminatedUnion) shape = optionWith(inner, part);
    else return [];
  }
  const found = unwrap(shape);
  if (found instanceof z.ZodObject) return Object.keys(found.shape);
  if (!(found instanceof z.ZodDiscriminatedUnion)) return [];
  return [...new Set(objectsOf(found).flatMap(({ shape: keys }) => Object.keys(keys)))];
}

/** What stands under a key that one kind of a thing has: no two kinds give one key two shapes. */
function optionWith(union: z.ZodDiscriminatedUnion, key: PropertyKey): unknown {
  const option = objectsOf(union).find(({ shape }) => Reflect.has(shape, key));
  return option === undefined ? undefined : Reflect.get(option.shape, key);
}

function objectsOf(union: z.ZodDiscriminatedUnion): readonly z.ZodObject[] {
  return union.options.filter((option) => option instanceof z.ZodObject);
}

function unwrap(shape: unknown): unknown {
  if (shape instanceof z.ZodDefault || shape instanceof z.ZodOptional) return unwrap(shape.unwrap());
  return shape;
}
