import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aTuple, type TupleValue } from '../domain/tuple-builder.ts';
import { encodeCopy } from './encode-copy.ts';
import { governCopy } from './govern-copy.ts';
import type { PlannedColumn } from './table-plan.ts';

const columns: readonly PlannedColumn[] = [0, 1, 2].map((index) => ({
  name: `c${index}`,
  index,
  typeOid: 17,
  castType: 'bytea',
  equals: 'operator(pg_catalog.=)',
  transform: null,
}));
const shout = (bytes: Buffer): Buffer => Buffer.from(`${bytes.toString('latin1')}!`, 'latin1');

function copyOf(rows: readonly (readonly TupleValue[])[]): Buffer {
  return encodeCopy([{ rows: rows.map((row) => aTuple(...row)), columns }]);
}

async function through(
  chunks: readonly Buffer[],
  transforms: readonly (((bytes: Buffer) => Buffer | null) | null)[],
): Promise<{ bytes: Buffer; rows: number }> {
  const out: Buffer[] = [];
  let rows = 0;
  const governed = governCopy(Readable.from(chunks), transforms, (count) => {
    rows = count;
  });
  for await (const chunk of governed) out.push(chunk);
  return { bytes: Buffer.concat(out), rows };
}

function cut(bytes: Buffer, sizes: readonly number[]): readonly Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

const anyRows = fc.array(
  fc.array(fc.option(fc.uint8Array({ maxLength: 30 }), { nil: null }), { minLength: 3, maxLength: 3 }),
  { maxLength: 8 },
);
const anySizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

test('values under an obligation are changed, all others pass, however the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(anyRows, anySizes, fc.boolean(), async (plain, sizes, governed) => {
      const rows = plain.map((row) => row.map((value) => (value === null ? null : Buffer.from(value))));
      const chunks = cut(copyOf(rows), sizes);
      const drop = () => null;
      const { bytes, rows: counted } = await through(
        chunks,
        governed ? [null, shout, drop] : [null, null, null],
      );
      const expected = governed
        ? rows.map(([first, second]) => [first ?? null, second == null ? null : shout(second), null])
        : rows;
      expect(bytes).toEqual(copyOf(expected));
      expect(counted).toBe(rows.length);
    }),
  );
});

test('a copy that breaks off is not taken for a whole one', async () => {
  const bytes = copyOf([[Buffer.from('a'), null, null]]);
  for (const length of [5, 19, 25, bytes.length - 2, bytes.length - 1]) {
    await expect(through([bytes.subarray(0, length)], [null, null, null])).rejects.toThrow(
      'before their trailer',
    );
  }
});
