import { canonicalJson } from '@spine/kernel/canonical-json';
import { Problem } from '@spine/kernel/problem';
import type { AvroNamed, AvroSchema, AvroType, LogicalType } from './avro-schema.ts';

/** A text nests less; definitions that lie in several texts, each inside the next, can nest without end. */
const maxDepth = 1_000;

/**
 * - `parsing`: the Parsing Canonical Form of the specification, what matters to decode bytes.
 * - `resolution`: the same with all that decides how a reader sees a writer's data: defaults, aliases, logical types.
 */
export type CanonicalKind = 'parsing' | 'resolution';

/** One text for all schemas that mean the same: attributes in one order, full names, no spaces, no documentation. */
export function canonicalForm(schema: AvroSchema, kind: CanonicalKind): string {
  const defined = new Set<string>();
  let depth = 0;

  function write(type: AvroType): string {
    depth += 1;
    if (depth > maxDepth) throw tooDeep();
    const text = writeType(type);
    depth -= 1;
    return text;
  }

  function writeType(type: AvroType): string {
    switch (type.kind) {
      case 'reference': {
        const definition = schema.named.get(type.name);
        if (definition === undefined || defined.has(type.name)) return JSON.stringify(type.name);
        defined.add(type.name);
        return writeNamed(definition);
      }
      case 'array':
        return `{"type":"array","items":${write(type.items)}}`;
      case 'map':
        return `{"type":"map","values":${write(type.values)}}`;
      case 'union':
        return `[${type.branches.map(write).join(',')}]`;
      default: {
        const logical = writeLogical(type.logical);
        return logical === '' ? `"${type.kind}"` : `{"type":"${type.kind}"${logical}}`;
      }
    }
  }

  function writeNamed(type: AvroNamed): string {
    const head = `{"name":${JSON.stringify(type.name)},"type":"${typeName(type)}"`;
    const aliases = writeAliases(type.aliases);
    switch (type.kind) {
      case 'fixed':
        return `${head},"size":${type.size}${writeLogical(type.logical)}${aliases}}`;
      case 'enum':
        return `${head},"symbols":${JSON.stringify(type.symbols)}${writeDefault(type.default)}${aliases}}`;
      case 'record': {
        const fields = type.fields.map((field) => {
          const rest = `${writeDefault(field.default?.value)}${writeAliases(field.aliases)}`;
          return `{"name":${JSON.stringify(field.name)},"type":${write(field.type)}${rest}}`;
        });
        return `${head},"fields":[${fields.join(',')}]${aliases}}`;
      }
    }
  }

  const isParsing = kind === 'parsing';
  function writeDefault(value: unknown): string {
    return isParsing || value === undefined ? '' : `,"default":${canonicalJson(value)}`;
  }
  function writeAliases(aliases: readonly string[]): string {
    return isParsing || aliases.length === 0 ? '' : `,"aliases":${JSON.stringify([...aliases].sort())}`;
  }
  function writeLogical(logical: LogicalType | undefined): string {
    if (isParsing || logical === undefined) return '';
    const { name, precision, scale } = logical;
    const digits = precision === undefined ? '' : `,"precision":${precision},"scale":${scale ?? 0}`;
    return `,"logicalType":"${name}"${digits}`;
  }

  return write(schema.root);
}

function tooDeep(): Problem {
  return new Problem('SCHEMA_TOO_COMPLEX', 'the schema and those it refers to nest too deep', {
    fix: 'let fewer types lie inside each other',
  });
}

function typeName(type: AvroNamed): string {
  return type.kind === 'record' && type.isError ? 'error' : type.kind;
}
