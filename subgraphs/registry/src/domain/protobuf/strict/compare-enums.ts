import { pointer } from '../../json.ts';
import type { EnumPair } from '../match-schemas.ts';
import type { ProtoEnumValue } from '../proto-file.ts';
import type { ProtobufIncompatibility } from '../protobuf-incompatibility.ts';
import type { ProtobufEnum } from '../protobuf-schema.ts';
import { createRangeSet } from '../range-set.ts';
import { missingReserved } from './missing-reserved.ts';
import { finding, type StrictComparison } from './strict-comparison.ts';

/** The breaches of two enums. */
export function compareEnums(
  { movesOn }: StrictComparison,
  pair: EnumPair,
): readonly ProtobufIncompatibility[] {
  return [...renamedValues(pair, movesOn), ...manners(pair), ...(movesOn ? deletions(pair) : [])];
}

/** JSON writes values by name, by the first one where a number has several. */
function renamedValues(
  { reader, writer, path }: EnumPair,
  movesOn: boolean,
): readonly ProtobufIncompatibility[] {
  const readerNames = namesByNumber(reader);
  return [...namesByNumber(writer)].flatMap(([number, names]) => {
    const known = readerNames.get(number);
    if (known === undefined) return [];
    const knownNames = new Set(known);
    const lost = (movesOn ? names : names.slice(0, 1)).filter((name) => !knownNames.has(name));
    if (lost.length === 0) return [];
    const message = `the value ${number} of the enum ${reader.name} is ${known.join(', ')} in the reader and ${names.join(', ')} in the writer`;
    const why = `the reader knows no value ${lost[0]} of the enum ${reader.name}`;
    const witness = { datum: lost[0], why };
    return [finding('JSON', 'ENUM_VALUE_SAME_NAME', pointer(`${path}/values`, number), message, witness)];
  });
}

function namesByNumber({ values }: ProtobufEnum): ReadonlyMap<number, readonly string[]> {
  const names = new Map<number, string[]>();
  for (const { name, number } of values) {
    const known = names.get(number);
    if (known === undefined) names.set(number, [name]);
    else known.push(name);
  }
  return names;
}

function manners({ reader, writer, path }: EnumPair): readonly ProtobufIncompatibility[] {
  const found: ProtobufIncompatibility[] = [];
  if (reader.isClosed !== writer.isClosed) {
    const [mine, theirs] = [reader, writer].map((each) => (each.isClosed ? 'closed' : 'open'));
    const message = `the enum ${reader.name} is ${mine} in the reader and ${theirs} in the writer`;
    found.push(finding('SOURCE', 'ENUM_SAME_TYPE', path, message));
  }
  if (writer.jsonFormat === 'ALLOW' && reader.jsonFormat !== 'ALLOW') {
    const message = `the enum ${reader.name} has a JSON form in the writer, and only as far as possible in the reader`;
    found.push(finding('JSON', 'ENUM_SAME_JSON_FORMAT', path, message));
  }
  return found;
}

function deletions({ reader, writer, path }: EnumPair): readonly ProtobufIncompatibility[] {
  const kept = new Set(reader.values.map((value) => value.number));
  const numbers = createRangeSet(reader.reservedRanges);
  const names = new Set(reader.reservedNames);
  const deleted = writer.values.filter((value) => !kept.has(value.number));
  return [
    ...deleted.map((value) =>
      deletion(value, reader, pointer(`${path}/values`, value.number), numbers.has, names),
    ),
    ...missingReserved(reader, writer).map((what) =>
      finding('WIRE', 'RESERVED_ENUM_NO_DELETE', path, `the enum ${reader.name} no longer reserves ${what}`),
    ),
  ];
}

function deletion(
  { name, number }: ProtoEnumValue,
  reader: ProtobufEnum,
  path: string,
  isReserved: (number: number) => boolean,
  names: ReadonlySet<string>,
): ProtobufIncompatibility {
  const text = `the value ${name} (${number}) of the enum ${reader.name} is deleted`;
  const witness = { datum: name, why: `the reader knows no value ${name} of the enum ${reader.name}` };
  if (!isReserved(number)) {
    const message = `${text} and its number is not reserved`;
    return finding('WIRE', 'ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED', path, message, witness);
  }
  if (!names.has(name)) {
    const message = `${text} and its name is not reserved`;
    return finding('JSON', 'ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED', path, message, witness);
  }
  return finding('SOURCE', 'ENUM_VALUE_NO_DELETE', path, text, witness);
}
