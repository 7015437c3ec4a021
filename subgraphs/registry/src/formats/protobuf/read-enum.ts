import {
  maxEnumNumber,
  type NumberRange,
  type ProtoEnum,
  type ProtoEnumValue,
  type ProtoOption,
} from '../../domain/protobuf/proto-file.ts';
import { readInlineOptions, readOptionStatement } from './read-options.ts';
import { docOf, type Opening, readReserved } from './read-piece.ts';
import type { TokenReader } from './token-reader.ts';

/** An enum after its first word. */
export function readEnum(reader: TokenReader, opening: Opening): ProtoEnum {
  const name = reader.takeName('an enum');
  const doc = docOf(opening, reader.peek().after);
  reader.expect('{');
  const options: ProtoOption[] = [];
  const values: ProtoEnumValue[] = [];
  const reservedRanges: NumberRange[] = [];
  const reservedNames: string[] = [];
  while (!reader.skip('}')) {
    if (reader.skip(';')) continue;
    if (reader.skip('option')) options.push(readOptionStatement(reader));
    else if (reader.isAt('reserved') && !reader.isAt('=', 1)) {
      reader.next();
      readReserved(
        reader,
        { ranges: reservedRanges, names: reservedNames },
        -maxEnumNumber - 1,
        maxEnumNumber,
      );
    } else values.push(readEnumValue(reader));
  }
  reader.skip(';');
  return { name, line: opening.line, ...doc, options, values, reservedRanges, reservedNames };
}

function readEnumValue(reader: TokenReader): ProtoEnumValue {
  const opening = reader.peek();
  const name = reader.takeName('an enum value');
  reader.expect('=');
  const number = reader.takeInteger(-maxEnumNumber - 1, maxEnumNumber);
  const options = readInlineOptions(reader);
  reader.expect(';');
  return { name, number, line: opening.line, ...docOf(opening, reader.commentBehind()), options };
}
