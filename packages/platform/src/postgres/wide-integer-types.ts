import pg from 'pg';

const int8 = 20;
const int8Array = 1016;
const textArray: number = 1009;

/**
 * Type parsers of a pool that reads int8 and int8[] as bigint. Per pool, never global: a library that shares `pg` in
 * this process must not see its numbers change type.
 */
export const wideIntegerTypes: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (format === 'binary') return pg.types.getTypeParser(oid, 'binary');
    if (oid === int8) return (text: string) => BigInt(text);
    if (oid === int8Array) {
      const parse = pg.types.getTypeParser(textArray, 'text');
      return (text: string) => toBigInts(parse(text));
    }
    return pg.types.getTypeParser(oid, 'text');
  },
};

function toBigInts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toBigInts);
  return typeof value === 'string' ? BigInt(value) : value;
}
