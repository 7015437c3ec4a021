import { pointer } from '../../json.ts';
import { optionWord, type ProtoMethod } from '../proto-file.ts';
import type { ProtobufIncompatibility } from '../protobuf-incompatibility.ts';
import type { ProtobufSchema } from '../protobuf-schema.ts';
import { finding, type StrictComparison } from './strict-comparison.ts';

/** The breaches of services and their methods. */
export function compareServices({
  reader,
  writer,
  movesOn,
}: StrictComparison): readonly ProtobufIncompatibility[] {
  const services = new Map(reader.file.services.map((service) => [service.name, service]));
  return writer.file.services.flatMap((service): readonly ProtobufIncompatibility[] => {
    const path = pointer('', service.name);
    const other = services.get(service.name);
    if (other === undefined) {
      const message = `the service ${service.name} is deleted`;
      return movesOn ? [finding('SOURCE', 'SERVICE_NO_DELETE', path, message)] : [];
    }
    const methods = new Map(other.methods.map((method) => [method.name, method]));
    return service.methods.flatMap((method): readonly ProtobufIncompatibility[] => {
      const at = pointer(`${path}/methods`, method.name);
      const same = methods.get(method.name);
      if (same !== undefined) return compareMethods(reader, writer, same, method, at);
      const message = `the method ${method.name} of the service ${service.name} is deleted`;
      return movesOn ? [finding('SOURCE', 'RPC_NO_DELETE', at, message)] : [];
    });
  });
}

function compareMethods(
  readerSchema: ProtobufSchema,
  writerSchema: ProtobufSchema,
  reader: ProtoMethod,
  writer: ProtoMethod,
  path: string,
): readonly ProtobufIncompatibility[] {
  const level = (method: ProtoMethod): string =>
    optionWord(method.options, 'idempotency_level') ?? 'IDEMPOTENCY_UNKNOWN';
  const facts = [
    [
      'RPC_SAME_REQUEST_TYPE',
      localName(readerSchema, reader.request),
      localName(writerSchema, writer.request),
    ],
    [
      'RPC_SAME_RESPONSE_TYPE',
      localName(readerSchema, reader.response),
      localName(writerSchema, writer.response),
    ],
    ['RPC_SAME_CLIENT_STREAMING', reader.clientStreaming, writer.clientStreaming],
    ['RPC_SAME_SERVER_STREAMING', reader.serverStreaming, writer.serverStreaming],
    ['RPC_SAME_IDEMPOTENCY_LEVEL', level(reader), level(writer)],
  ] as const;
  return facts
    .filter(([, mine, theirs]) => mine !== theirs)
    .map(([kind, mine, theirs]) => {
      const what = kind.slice('RPC_SAME_'.length).toLowerCase().replaceAll('_', ' ');
      const message = `the ${what} of the method ${reader.name} is ${mine} in the reader and ${theirs} in the writer`;
      return finding('WIRE', kind, path, message);
    });
}

/** A message of the schema itself without its package, an imported one with it. */
function localName(schema: ProtobufSchema, fullName: string): string {
  const message = schema.messages.get(fullName);
  return message?.file === '' ? message.localName : fullName;
}
