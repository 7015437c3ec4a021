import type { ProtoOption, ProtoPiece, ProtoType } from '../protobuf/proto-file.ts';
import type { ProtobufFile, ProtobufSchema } from '../protobuf/protobuf-schema.ts';
import { enumsOf, fieldsOf, messagesOf, methodsOf } from './protobuf-places.ts';

/** Every full name that a file uses: of types, of extended messages, and of extensions that stand as options. */
export function namesUsed(file: ProtobufFile): ReadonlySet<string> {
  const used = new Set<string>();
  const useType = (type: ProtoType): void => {
    if (type.kind === 'named') used.add(type.name);
    if (type.kind === 'map') useType(type.value);
  };
  for (const { piece } of fieldsOf(file)) {
    useType(piece.type);
    if (piece.extendee !== undefined) used.add(piece.extendee);
  }
  for (const { piece } of methodsOf(file)) used.add(piece.request).add(piece.response);
  const scopes = [file.package, ...messagesOf(file).map(({ piece }) => piece.fullName)];
  for (const { name } of optionsOf(file)) {
    const extension = /^\(([^)]+)\)/.exec(name)?.[1]?.replace(/^\./, '');
    if (extension === undefined) continue;
    // Written as seen from where it stands: any scope around may be the one.
    for (const scope of scopes) for (const around of scopesOf(scope)) used.add(`${around}${extension}`);
  }
  return used;
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

/** `a.b.` and `a.` and nothing, for `a.b`. */
function scopesOf(scope: string): readonly string[] {
  const parts = scope.split('.').filter(Boolean);
  return [...parts.map((_, index) => `${parts.slice(0, parts.length - index).join('.')}.`), ''];
}
