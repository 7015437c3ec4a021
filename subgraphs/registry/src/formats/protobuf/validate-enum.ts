import { pointer } from '../../domain/json.ts';
import { optionWord } from '../../domain/protobuf/proto-file.ts';
import type { ProtobufEnum } from '../../domain/protobuf/protobuf-schema.ts';
import { createRangeSet } from '../../domain/protobuf/range-set.ts';
import { invalidProto } from './invalid-proto.ts';

/** Refuses an enum that a compiler refuses. */
export function validateEnum(definition: ProtobufEnum, path: string): void {
  const first = definition.values[0];
  if (first === undefined) {
    throw invalidProto(`the enum ${definition.name} has no values`, { line: definition.line, path });
  }
  // A reader that finds nothing takes zero: an open enum has to say what it means.
  if (!definition.isClosed && first.number !== 0) {
    throw invalidProto(`the first value of the enum ${definition.name} is ${first.number}, not 0`, {
      line: first.line,
      path: pointer(`${path}/values`, first.number),
    });
  }
  const reserved = createRangeSet(definition.reservedRanges);
  const reservedNames = new Set(definition.reservedNames);
  const allowsAlias = optionWord(definition.options, 'allow_alias') === 'true';
  const seen = new Map<number, string>();
  for (const value of definition.values) {
    const place = { line: value.line, path: pointer(`${path}/values`, value.number) };
    const other = seen.get(value.number);
    if (other !== undefined && !allowsAlias) {
      throw invalidProto(
        `${other} and ${value.name} both have the number ${value.number}: set allow_alias`,
        place,
      );
    }
    seen.set(value.number, value.name);
    if (reserved.has(value.number)) {
      throw invalidProto(`the number ${value.number} of ${value.name} is reserved`, place);
    }
    if (reservedNames.has(value.name)) throw invalidProto(`the name ${value.name} is reserved`, place);
  }
}
