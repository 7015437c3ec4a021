import { Problem } from '@spine/kernel/problem';
import { fullNameOf, namespaceOf } from '../avro/avro-name.ts';
import { parseSchemaJson } from '../avro/schema-json.ts';
import { isRecord } from '../json.ts';
import type { ReferencedText } from '../schema-reference.ts';

/** Deeper than any schema that people write, and shallow enough to be written out. */
const maxDepth = 1_000;

/**
 * An Avro schema with what it refers to written into it, where it is named first. `dependencies` are all texts behind its
 * references, each by the full name that it defines. Throws SCHEMA_TOO_COMPLEX.
 */
export function resolveAvroText(text: string, dependencies: readonly ReferencedText[]): string {
  const unwritten = new Map(dependencies.map((each) => [each.name, each.text]));
  const writeNamed = (name: string, namespace: string, depth: number): unknown => {
    const fullName = [fullNameOf(name, namespace), name].find((each) => unwritten.has(each));
    if (fullName === undefined) return name;
    const definition = parseSchemaJson(unwritten.get(fullName) ?? '');
    // Written once: from here on the name says it.
    unwritten.delete(fullName);
    return write(definition, '', depth + 1);
  };
  const write = (type: unknown, namespace: string, depth: number): unknown => {
    if (depth > maxDepth) {
      throw new Problem(
        'SCHEMA_TOO_COMPLEX',
        `the schema nests deeper than ${maxDepth} levels when it is resolved`,
      );
    }
    if (typeof type === 'string') return writeNamed(type, namespace, depth);
    if (Array.isArray(type)) return type.map((branch) => write(branch, namespace, depth + 1));
    if (!isRecord(type)) return type;
    const { name, namespace: own, fields } = type;
    const inner =
      typeof name === 'string'
        ? namespaceOf(fullNameOf(name, typeof own === 'string' ? own : namespace))
        : namespace;
    const parts = (['type', 'items', 'values'] as const).flatMap((key) =>
      key in type ? [[key, write(type[key], inner, depth + 1)]] : [],
    );
    if (!Array.isArray(fields)) return { ...type, ...Object.fromEntries(parts) };
    return {
      ...type,
      fields: fields.map((field: unknown) =>
        isRecord(field) ? { ...field, type: write(field['type'], inner, depth + 1) } : field,
      ),
    };
  };
  return JSON.stringify(write(parseSchemaJson(text), '', 0));
}
