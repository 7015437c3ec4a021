import { readFileSync } from 'node:fs';
import { Problem } from '@spine/kernel/problem';
import type { OfflineSchema, OfflineType } from '@spine/registry/offline';

/** A schema with the name by which people know its text: a file, or a file at a revision, or a published version. */
export interface SchemaFile extends OfflineSchema {
  readonly file: string;
}

const byWord: ReadonlyMap<string, OfflineType> = new Map([
  ['avro', 'AVRO'],
  ['avsc', 'AVRO'],
  ['protobuf', 'PROTOBUF'],
  ['proto', 'PROTOBUF'],
  ['json', 'JSON'],
  ['jsonschema', 'JSON'],
]);

/** The type that `--type` names. Throws INPUT_INVALID. */
export function parseTypeWord(word: string): OfflineType {
  const type = byWord.get(word.toLowerCase().replaceAll(/[-_]/g, ''));
  if (type !== undefined) return type;
  throw new Problem('INPUT_INVALID', `--type ${word}: no such type of schema`, {
    fix: 'Give avro, protobuf or json.',
  });
}

/** The type of a file by its ending: .avsc, .proto, .json. Throws INPUT_INVALID for others. */
export function typeOfFile(file: string): OfflineType {
  const ending = file.slice(file.lastIndexOf('.') + 1).toLowerCase();
  const type = ['avsc', 'proto', 'json'].includes(ending) ? byWord.get(ending) : undefined;
  if (type !== undefined) return type;
  throw new Problem('INPUT_INVALID', `${file}: its ending does not tell the type of the schema`, {
    fix: 'Give --type avro, --type protobuf or --type json.',
  });
}

/** Reads a schema file, of the given type or that of its ending. Throws INPUT_INVALID. */
export function readSchemaFile(file: string, type?: OfflineType): SchemaFile {
  return { file, type: type ?? typeOfFile(file), text: readTextFile(file) };
}

/** The text of a file: UTF-8, a byte order mark taken off. Throws INPUT_INVALID. */
export function readTextFile(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw new Problem('INPUT_INVALID', `${file} cannot be read`, {
      fix: 'Check the name: paths count from where the command runs.',
      cause,
    });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Problem('INPUT_INVALID', `${file} is not text in UTF-8`, {
      fix: 'Save the file as UTF-8.',
      cause,
    });
  }
}
