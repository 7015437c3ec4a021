import { type PrimitiveKind, primitiveKinds } from './avro-schema.ts';

const simple = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Whether Avro allows it as the name of a field or symbol. */
export function isSimpleName(name: string): boolean {
  return simple.test(name);
}

/** Whether every part of a dotted name is allowed. */
export function isFullName(name: string): boolean {
  return name.split('.').every(isSimpleName);
}

/** Whether the word names a primitive type. */
export function isPrimitive(name: string): name is PrimitiveKind {
  return primitiveKinds.some((primitive) => primitive === name);
}

/** A name with dots is full; one without takes the namespace, if there is any (Avro 1.12, "Names"). */
export function fullNameOf(name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
}

/** What stands before the last dot, '' if nothing does. */
export function namespaceOf(fullName: string): string {
  return fullName.slice(0, Math.max(fullName.lastIndexOf('.'), 0));
}
