import { pointer } from '../json.ts';
import type { ProtoField, ProtoMethod, ProtoService } from '../protobuf/proto-file.ts';
import type { ProtobufEnum, ProtobufFile, ProtobufMessage } from '../protobuf/protobuf-schema.ts';

/** A piece of a file and the pointer to it, as outlines have it: `/Order`, `/Order/fields/2`. */
export interface Placed<T> {
  readonly piece: T;
  readonly path: string;
}

/** Every message of a file, outer ones first. */
export function messagesOf(file: ProtobufFile): readonly Placed<ProtobufMessage>[] {
  const all = file.messages.map((piece) => ({ piece, path: pointer('', piece.name) }));
  // Grows while it is read.
  for (const { piece, path } of all) {
    for (const inner of piece.messages) all.push({ piece: inner, path: pointer(path, inner.name) });
  }
  return all;
}

/** Every enum of a file, those in messages, too. */
export function enumsOf(file: ProtobufFile): readonly Placed<ProtobufEnum>[] {
  const inside = messagesOf(file).flatMap(({ piece, path }) => placed(piece.enums, path));
  return [...placed(file.enums, ''), ...inside];
}

/** The values of every enum. */
export function valuesOf(
  file: ProtobufFile,
): readonly (Placed<ProtobufEnum['values'][number]> & { readonly of: ProtobufEnum })[] {
  return enumsOf(file).flatMap(({ piece: of, path }) =>
    of.values.map((piece) => ({ piece, of, path: pointer(pointer(path, 'values'), piece.number) })),
  );
}

/** Every field of every message, and every extension. */
export function fieldsOf(file: ProtobufFile): readonly Placed<ProtoField>[] {
  return [
    ...messagesOf(file).flatMap(({ piece, path }) => [
      ...piece.fields.map((field) => ({
        piece: field,
        path: pointer(pointer(path, 'fields'), field.number),
      })),
      ...placed(piece.extensions, pointer(path, 'extensions')),
    ]),
    ...placed(file.extensions, '/extensions'),
  ];
}

/** Every method of every service. */
export function methodsOf(
  file: ProtobufFile,
): readonly (Placed<ProtoMethod> & { readonly service: ProtoService })[] {
  return file.services.flatMap((service) =>
    placed(service.methods, pointer('', service.name)).map((method) => ({ ...method, service })),
  );
}

/** Pieces that lie side by side. */
export function placed<T extends { readonly name: string }>(
  pieces: readonly T[],
  base: string,
): readonly Placed<T>[] {
  return pieces.map((piece) => ({ piece, path: pointer(base, piece.name) }));
}
