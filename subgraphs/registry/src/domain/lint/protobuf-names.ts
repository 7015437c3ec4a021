import type { ProtoOption, ProtoPiece, ProtoType } from '../protobuf/proto-file.ts';
import type { ProtobufFile, ProtobufSchema } from '../protobuf/protobuf-schema.ts';
import { enumsOf, fieldsOf, messagesOf, methodsOf } from './protobuf-places.ts';

/** Whether a file uses what bears a full name: as a type, as a message that it extends, as an option. */
export function createNameUse(file: ProtobufFile): (fullName: string) => boolean {
  const types = new Set<string>();
  const useType = (type: ProtoType): void => {
    if (type.kind === 'named') types.add(type.name);
    if (type.kind === 'map') useType(type.value);
  };
  for (const { piece } of fieldsOf(file)) {
    useType(piece.type);
    if (piece.extendee !== undefined) types.add(piece.extendee);
  }
  for (const { piece } of methodsOf(file)) types.add(piece.request).add(piece.response);
  const extensions = new Set<string>();
  for (const { name } of optionsOf(file)) {
    for (const [, extension = ''] of name.matchAll(/\(\.?([^)]+)\)/g)) extensions.add(extension);
  }
  // The name of an option is written as seen from where it stands, so that its first parts may be left out.
  return (fullName) => types.has(fullName) || endsOf(fullName).some((each) => extensions.has(each));
}

/** Every full name that an import brings in, public imports of its file too; undefined for a file that is not known. */
export function namesProvided({ dependencies }: ProtobufSchema, path: string): readonly string[] | undefined {
  const files = new Set<ProtobufFile>();
  const open = [path];
  // Grows while it is read; a file is looked at once.
  for (const next of open) {
    const file = dependencies.find((each) => each.path === next);
    if (file === undefined) return undefined;
    if (files.has(file)) continue;
    files.add(file);
    open.push(...file.imports.filter(({ kind }) => kind === 'public').map((each) => each.path));
  }
  return [...files].flatMap(namesDeclared);
}

function namesDeclared(file: ProtobufFile): readonly string[] {
  const within = (scope: string, pieces: readonly ProtoPiece[]): readonly string[] =>
    pieces.map(({ name }) => (scope === '' ? name : `${scope}.${name}`));
  return [
    ...messagesOf(file).flatMap(({ piece }) => [piece.fullName, ...within(piece.fullName, piece.extensions)]),
    ...enumsOf(file).map(({ piece }) => piece.fullName),
    ...within(file.package, file.extensions),
  ];
}

function optionsOf(file: ProtobufFile): readonly ProtoOption[] {
  const pieces: readonly ProtoPiece[] = [
    ...messagesOf(file).flatMap(({ piece }) => [piece, ...piece.oneofs]),
    ...fieldsOf(file).map(({ piece }) => piece),
    ...enumsOf(file).flatMap(({ piece }) => [piece, ...piece.values]),
    ...file.services,
    ...methodsOf(file).map(({ piece }) => piece),
  ];
  return [...file.options, ...pieces.flatMap(({ options }) => options)];
}

/** `a.b.c`, `b.c` and `c`, for `a.b.c`. */
function endsOf(name: string): readonly string[] {
  const parts = name.split('.');
  return parts.map((_, index) => parts.slice(index).join('.'));
}
