import type { ProtobufEnum } from '../protobuf-schema.ts';

/** Remembers, for one comparison, which enums have all that others have: many fields may hold the same two. */
export interface EnumCoverage {
  /** Whether every value of the writer's enum has its name and number in the reader's. */
  readonly covers: (reader: ProtobufEnum, writer: ProtobufEnum) => boolean;
}

export function createEnumCoverage(): EnumCoverage {
  const verdicts = new Map<ProtobufEnum, Map<ProtobufEnum, boolean>>();
  return {
    covers(reader, writer) {
      const row = verdicts.get(reader) ?? new Map<ProtobufEnum, boolean>();
      verdicts.set(reader, row);
      const verdict =
        row.get(writer) ?? writer.values.every(({ name, number }) => reader.numbers.get(name) === number);
      row.set(writer, verdict);
      return verdict;
    },
  };
}
