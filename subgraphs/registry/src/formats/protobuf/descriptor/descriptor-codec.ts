import { createRequire } from 'node:module';
import { isRecord } from '../../../domain/json.ts';
import { wellKnownText } from '../well-known-files.ts';

const require = createRequire(import.meta.url);

/** A FileDescriptorProto as plain data: keys in camel case, enums by name, what is not set absent. */
export type PlainDescriptor = Readonly<Record<string, unknown>>;

export interface DescriptorCodec {
  /** Undefined if the bytes are none. */
  readonly decode: (bytes: Uint8Array) => PlainDescriptor | undefined;
  readonly encode: (plain: PlainDescriptor) => Uint8Array;
}

/** Made when the first descriptor comes: a process that never meets one does not pay for it. It never changes after. */
let made: DescriptorCodec | undefined;

/** Reads and writes descriptors by the definition of descriptors itself, with the options that Kafka's tools tag fields by. */
export function descriptorCodec(): DescriptorCodec {
  made ??= createDescriptorCodec();
  return made;
}

function createDescriptorCodec(): DescriptorCodec {
  const protobuf: typeof import('protobufjs') = require('protobufjs');
  const root = protobuf.Root.fromJSON(require('protobufjs/google/protobuf/descriptor.json'));
  protobuf.parse(wellKnownText('confluent/meta.proto') ?? '', root);
  root.resolveAll();
  const type = root.lookupType('google.protobuf.FileDescriptorProto');
  return {
    decode(bytes) {
      try {
        const plain = type.toObject(type.decode(bytes), { enums: String, longs: String });
        return isRecord(plain) ? plain : undefined;
      } catch {
        return undefined;
      }
    },
    encode(plain) {
      const write = (each: PlainDescriptor): Uint8Array => type.encode(type.fromObject({ ...each })).finish();
      try {
        return write(plain);
      } catch {
        // An option with a value of another kind than it takes. What data looks like is worth more than the options.
        return write(withoutOptions(plain));
      }
    },
  };
}

/** The descriptor without options, but for what marks the entries of a map. */
function withoutOptions(plain: PlainDescriptor): PlainDescriptor {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(plain)) {
    if (key === 'options') {
      if (isRecord(value) && value['mapEntry'] === true) kept[key] = { mapEntry: true };
    } else if (Array.isArray(value)) {
      kept[key] = value.map((each: unknown) => (isRecord(each) ? withoutOptions(each) : each));
    } else kept[key] = value;
  }
  return kept;
}
