import { printProtoFile } from '../../domain/protobuf/print-proto-file.ts';
import { readDescriptor } from './descriptor/read-descriptor.ts';

/**
 * The .proto text of a schema that came as a descriptor, or the text itself. Needs no references: one content has one text in
 * whichever form it is handed in.
 */
export function printProtobuf(text: string): string {
  const file = readDescriptor(text);
  return file === undefined ? text : printProtoFile(file);
}
