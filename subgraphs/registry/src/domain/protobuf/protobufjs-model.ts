import protobuf from 'protobufjs';
import { isRecord } from '../json.ts';

/** What a stock implementation of Protobuf makes of a message between two schemas. Files that everybody has are known to it. */
export interface ProtobufjsModel {
  /** Fields by number as the writer sees its own bytes and as the reader sees them, defaults filled in; 'refused' if it throws. */
  readonly overWire: (datum: Readonly<Record<string, unknown>>) => ReadOver;
  /** The same for JSON: members by name. */
  readonly overJson: (datum: Readonly<Record<string, unknown>>) => ReadOver;
}

export interface ReadOver {
  readonly written: Readonly<Record<string, unknown>>;
  readonly read: Readonly<Record<string, unknown>> | 'refused';
}

const options = { longs: String, enums: String, bytes: String, defaults: true, json: true } as const;

export function createProtobufjsModel(reader: string, writer: string): ProtobufjsModel {
  const readerRoot = protobuf.parse(reader, new protobuf.Root()).root.resolveAll();
  const writerRoot = protobuf.parse(writer, new protobuf.Root()).root.resolveAll();
  const find = (root: protobuf.NamespaceBase, datum: Readonly<Record<string, unknown>>): protobuf.Type =>
    root.lookupType(String(datum['@type']).replace('type.googleapis.com/', ''));

  function read(of: () => Readonly<Record<string, unknown>>): ReadOver['read'] {
    try {
      return of();
    } catch {
      return 'refused';
    }
  }

  return {
    overWire(datum) {
      const type = find(writerRoot, datum);
      const bytes = type.encode(type.fromObject(bare(datum))).finish();
      return {
        written: byNumber(type, type.decode(bytes)),
        read: read(() => {
          const other = find(readerRoot, datum);
          return byNumber(other, other.decode(bytes));
        }),
      };
    },
    overJson(datum) {
      const written = bare(datum);
      return {
        written,
        read: read(() => {
          const other = find(readerRoot, datum);
          const plain: unknown = other.toObject(other.fromObject(written), { ...options, defaults: false });
          return isRecord(plain) ? plain : {};
        }),
      };
    },
  };
}

function bare(datum: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { '@type': _type, ...fields } = datum;
  return fields;
}

function byNumber(type: protobuf.Type, message: protobuf.Message): Record<string, unknown> {
  const plain: Record<string, unknown> = type.toObject(message, options);
  return Object.fromEntries(type.fieldsArray.map((field) => [field.id, plain[field.name]]));
}
