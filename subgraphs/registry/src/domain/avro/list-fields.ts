import type { SchemaField } from '../schema-field.ts';
import type { AvroRecord, AvroSchema, AvroType } from './avro-schema.ts';
import { logicalText } from './logical-type.ts';
import { resolveType, simpleName } from './named-type.ts';

/** Records that use records multiply: a list for people ends somewhere. */
const maxFields = 2_000;
const maxDepth = 100;
/** Unions of records that use records multiply without listing anything new. */
const maxVisits = 20_000;

/** The fields of a schema in order, a record's own before those inside it. A record inside itself is not opened again. */
export function listAvroFields(schema: AvroSchema): readonly SchemaField[] {
  const fields: SchemaField[] = [];
  const listed = new Set<string>();
  let visits = 0;

  function visit(type: AvroType, path: string, sourcePath: string, opened: readonly AvroRecord[]): void {
    visits += 1;
    if (visits > maxVisits) return;
    const resolved = resolveType(schema, type);
    switch (resolved.kind) {
      case 'array':
        visit(resolved.items, `${path}[]`, `${sourcePath}[]`, opened);
        return;
      case 'map':
        visit(resolved.values, `${path}{}`, `${sourcePath}{}`, opened);
        return;
      case 'union':
        for (const branch of resolved.branches) visit(branch, path, sourcePath, opened);
        return;
      case 'record': {
        if (opened.includes(resolved) || opened.length >= maxDepth) return;
        const dot = path === '' ? '' : '.';
        for (const field of resolved.fields) {
          if (fields.length >= maxFields) return;
          const at = `${path}${dot}${field.name}`;
          const source = `${sourcePath}${dot}${field.sourceName ?? field.name}`;
          // Two records of a union may have a field of one name: the path is listed once.
          if (!listed.has(at)) {
            listed.add(at);
            fields.push({ path: at, type: typeText(schema, field.type), sourcePath: source });
          }
          visit(field.type, at, source, [...opened, resolved]);
        }
        return;
      }
      default:
        return;
    }
  }

  visit(schema.root, '', '', []);
  return fields;
}

function typeText(schema: AvroSchema, type: AvroType): string {
  switch (type.kind) {
    case 'array': {
      const items = typeText(schema, type.items);
      return items.includes(' ') ? `(${items})[]` : `${items}[]`;
    }
    case 'map':
      return `map<${typeText(schema, type.values)}>`;
    case 'union': {
      const others = type.branches.filter((branch) => branch.kind !== 'null');
      const text = others.map((branch) => typeText(schema, branch)).join(' | ');
      if (others.length === type.branches.length) return text;
      if (others.length === 0) return 'null';
      return others.length === 1 && !text.includes(' ') ? `${text}?` : nullable(text);
    }
    case 'reference': {
      const named = resolveType(schema, type);
      const name = simpleName(type.name);
      if (named.kind === 'enum') return `${name} (enum)`;
      if (named.kind !== 'fixed') return name;
      return named.logical === undefined
        ? `${name} (fixed ${named.size})`
        : `${name} (${logicalText(named.logical)})`;
    }
    default:
      return type.logical === undefined ? type.kind : `${type.kind} (${logicalText(type.logical)})`;
  }
}

/** `long (date)` becomes `long? (date)`, a choice `(int | string)?`. */
function nullable(text: string): string {
  const match = /^(\S+)( \([^|]*\))$/.exec(text);
  return match === null ? `(${text})?` : `${match[1]}?${match[2]}`;
}
