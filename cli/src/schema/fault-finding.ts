import type { Problem } from '@spine/kernel/problem';
import type { Finding } from './finding.ts';
import { placeOfFault, placeOfLine } from './place.ts';
import type { SchemaFile } from './schema-file.ts';

/** A problem with a file as something to say about it: where its parser stopped, if it did. */
export function faultFinding(source: SchemaFile, { code, message, path, fix }: Problem): Finding {
  // The path of other problems is one of a request, which is no place in the file.
  const at = code.startsWith('SCHEMA_') ? (path ?? '') : '';
  return {
    rule: code,
    severity: 'error',
    message,
    path: at,
    source,
    place: source.type === 'PROTOBUF' ? placeInProtobuf(source.text, message) : placeOfFault(source.text, at),
    ...(fix !== undefined && { next: fix }),
  };
}

/** A text that is no Protobuf file has no names to point at; its parser tells the line. */
function placeInProtobuf(text: string, message: string): Finding['place'] {
  const line = Number(/\bline (\d+)/.exec(message)?.[1] ?? 1);
  return placeOfLine(text, line);
}
