import { Problem } from '@spine/kernel/problem';

/** Where a fault is: the line of the text, or the piece where there is none. */
export interface ProtoPlace {
  readonly line?: number | undefined;
  readonly path?: string | undefined;
}

/** The refusal of a text that is no Protobuf schema. */
export function invalidProto(message: string, { line, path }: ProtoPlace = {}): Problem {
  const where = line === undefined ? '' : `line ${line}: `;
  return new Problem('SCHEMA_INVALID', `${where}${message}`, {
    fix: 'correct the .proto text; a Protobuf compiler names the same fault',
    ...(path !== undefined && { path }),
    ...(line !== undefined && { extensions: { line } }),
  });
}
