import { elementOf } from '../builtin-types.ts';
import type { Column } from '../relation.ts';
import { RefusedValue } from './refused-value.ts';
import { scalarWriter, type WriteValue } from './write-value.ts';

/** Whether there are elements, whether one is null, the type of the elements. */
const headBytes = 12;
/** Of each dimension: how many, and the index of the first. */
const dimensionBytes = 8;

/**
 * How arrays are written: as an Avro array of elements that may be null. The index of the first element is left out, for Avro
 * arrays have none; an array of more than one dimension is refused rather than flattened. Null where the elements cannot be read.
 */
export function arrayWriter(column: Column, where: string): WriteValue | null {
  const writeElement = scalarWriter(elementColumn(column), where);
  if (writeElement === null) return null;
  return (writer, bytes, kind) => {
    if (kind !== 'b') throw new RefusedValue(`${where}: an array came as text, which is not read there`);
    const dimensions = bytes.readInt32BE(0);
    if (dimensions > 1) {
      throw new RefusedValue(
        `${where}: an array has ${dimensions} dimensions, which its Avro type cannot hold`,
      );
    }
    const count = dimensions === 0 ? 0 : bytes.readInt32BE(headBytes);
    // One block of all elements, then the block of none that ends an array.
    if (count > 0) writer.long(count);
    let at = headBytes + dimensionBytes;
    for (let index = 0; index < count; index += 1) {
      const length = bytes.readInt32BE(at);
      at += 4;
      writer.long(length < 0 ? 0 : 1);
      if (length < 0) continue;
      writeElement(writer, bytes.subarray(at, at + length), 'b');
      at += length;
    }
    writer.long(0);
  };
}

/** The elements as a column of their own: an array has the modifier of its elements. */
function elementColumn({ baseTypeOid, baseTypeText, ...column }: Column): Column {
  return {
    ...column,
    typeOid: elementOf(baseTypeOid ?? column.typeOid) ?? 0,
    typeText: (baseTypeText ?? column.typeText).replace(/(\[\])+$/, ''),
    typeKind: 'b',
    typeCategory: 'X',
  };
}
