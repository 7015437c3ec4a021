import { invariant } from '@spine/kernel/invariant';
import { typeOid } from './builtin-types.ts';
import { type Column, type Relation, tableKey } from './relation.ts';
import { hasValue, readColumn } from './tuple.ts';

/** The key's bytes as they came, one text per key. Lengths keep the parts of a composite key apart. */
export function rowKey(relation: Relation, image: Buffer): string {
  let text = '';
  for (const index of relation.key) {
    const { kind, start, end } = readColumn(image, index);
    invariant(hasValue(kind), `a change of ${tableKey(relation)} comes with its key`);
    const value = image.toString('latin1', start, end);
    text += relation.key.length === 1 ? value : `${value.length}:${value}`;
  }
  return text;
}

/** Whether keys of the table are equal only when their bytes are; two spellings of one numeric (1.0 and 1.00) are not. */
export function hasExactKey(relation: Relation): boolean {
  return relation.key.every((index) => isExact(relation.columns[index]));
}

function isExact(column: Column | undefined): boolean {
  if (column === undefined) return false;
  return column.typeKind === 'e' || exactTypes.has(column.baseTypeOid ?? column.typeOid);
}

const exactTypes: ReadonlySet<number> = new Set([
  typeOid.bool,
  typeOid.bytea,
  typeOid.int2,
  typeOid.int4,
  typeOid.int8,
  typeOid.oid,
  typeOid.text,
  typeOid.varchar,
  typeOid.bpchar,
  typeOid.name,
  typeOid.uuid,
  typeOid.date,
  typeOid.timestamp,
  typeOid.timestamptz,
]);
