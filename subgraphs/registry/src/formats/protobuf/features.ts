import type { ProtoFile, ProtoOption } from '../../domain/protobuf/proto-file.ts';
import { optionWord } from '../../domain/protobuf/proto-file.ts';

/** What syntax and edition decide, and options override (Protobuf Editions, "Feature Settings"). */
export interface Features {
  readonly field_presence: string;
  readonly enum_type: string;
  readonly repeated_field_encoding: string;
  readonly utf8_validation: string;
  readonly message_encoding: string;
  readonly json_format: string;
}

const defaults: Readonly<Record<ProtoFile['syntax'], Features>> = {
  proto2: {
    field_presence: 'EXPLICIT',
    enum_type: 'CLOSED',
    repeated_field_encoding: 'EXPANDED',
    utf8_validation: 'NONE',
    message_encoding: 'LENGTH_PREFIXED',
    json_format: 'LEGACY_BEST_EFFORT',
  },
  proto3: {
    field_presence: 'IMPLICIT',
    enum_type: 'OPEN',
    repeated_field_encoding: 'PACKED',
    utf8_validation: 'VERIFY',
    message_encoding: 'LENGTH_PREFIXED',
    json_format: 'ALLOW',
  },
  editions: {
    field_presence: 'EXPLICIT',
    enum_type: 'OPEN',
    repeated_field_encoding: 'PACKED',
    utf8_validation: 'VERIFY',
    message_encoding: 'LENGTH_PREFIXED',
    json_format: 'ALLOW',
  },
};

export function fileFeatures(file: ProtoFile): Features {
  return withOptions(defaults[file.syntax], file.options);
}

/** The features of a piece inside one that has `outer`. */
export function withOptions(outer: Features, options: readonly ProtoOption[]): Features {
  if (options.length === 0 || !options.some((option) => option.name.startsWith('features'))) return outer;
  const whole = options.find((option) => option.name === 'features')?.value;
  const inside = whole?.kind === 'message' ? whole.fields : [];
  const read = (name: keyof Features): string =>
    optionWord(options, `features.${name}`) ?? optionWord(inside, name) ?? outer[name];
  return {
    field_presence: read('field_presence'),
    enum_type: read('enum_type'),
    repeated_field_encoding: read('repeated_field_encoding'),
    utf8_validation: read('utf8_validation'),
    message_encoding: read('message_encoding'),
    json_format: read('json_format'),
  };
}
