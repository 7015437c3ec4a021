import { Problem } from '@spine/kernel/problem';
import type { ProtoFile } from '../../domain/protobuf/proto-file.ts';
import type {
  ProtobufEnum,
  ProtobufFault,
  ProtobufFile,
  ProtobufMessage,
  ProtobufSchema,
} from '../../domain/protobuf/protobuf-schema.ts';
import type { ReferencedText } from '../../domain/schema-reference.ts';
import { readDescriptor } from './descriptor/read-descriptor.ts';
import { invalidProto } from './invalid-proto.ts';
import { linkFile } from './link-file.ts';
import { createProtoNames } from './proto-names.ts';
import { readProtoFile } from './read-proto-file.ts';
import { validateFile } from './validate-file.ts';
import { wellKnownFile } from './well-known-files.ts';

const maxFiles = 1_000;

/**
 * Reads a Protobuf schema and links it with the files that it imports: `references` by their import path, and the files that
 * everybody has. The text is a .proto file, or a FileDescriptorProto in base64 as serializers of Kafka send it. Throws
 * SCHEMA_INVALID, with the line where there is one.
 */
export function parseProtobuf(text: string, references: readonly ReferencedText[] = []): ProtobufSchema {
  const root = readProtobufText(text);
  const files = importedFiles(root, new Map(references.map((each) => [each.name, each.text])));
  files.set('', root);
  const names = createProtoNames();
  for (const [path, file] of files) names.define(path, file);
  const messageNames = new Set<string>();
  for (const file of files.values()) collectMessageNames(file.package, file.messages, messageNames);
  const linked = new Map<string, ProtobufFile>();
  for (const [path, file] of files) {
    const visible = visibleFrom(path, file, files);
    linked.set(
      path,
      linkFile(
        {
          path,
          resolve: (name, scope) => names.resolve(name, scope, visible),
          isMessage: (name) => messageNames.has(name),
        },
        file,
      ),
    );
  }
  return assemble(linked);
}

/** The file of a text in either form, names as written. */
export function readProtobufText(text: string): ProtoFile {
  return readDescriptor(text) ?? readProtoFile(text);
}

function assemble(linked: ReadonlyMap<string, ProtobufFile>): ProtobufSchema {
  const file = linked.get('');
  if (file === undefined) throw invalidProto('there is no file');
  const messages = new Map<string, ProtobufMessage>();
  const enums = new Map<string, ProtobufEnum>();
  for (const each of linked.values()) {
    collect(each.messages, messages, enums);
    for (const definition of each.enums) enums.set(definition.fullName, definition);
  }
  const faults: ProtobufFault[] = [];
  const schema: ProtobufSchema = {
    file,
    dependencies: [...linked.values()].filter((each) => each.path !== ''),
    messages,
    enums,
    faults,
  };
  for (const each of linked.values()) for (const fault of validateFile(schema, each)) faults.push(fault);
  return schema;
}

function collect(
  list: readonly ProtobufMessage[],
  messages: Map<string, ProtobufMessage>,
  enums: Map<string, ProtobufEnum>,
): void {
  for (const message of list) {
    messages.set(message.fullName, message);
    for (const definition of message.enums) enums.set(definition.fullName, definition);
    collect(message.messages, messages, enums);
  }
}

function collectMessageNames(scope: string, messages: ProtoFile['messages'], names: Set<string>): void {
  for (const message of messages) {
    const name = scope === '' ? message.name : `${scope}.${message.name}`;
    names.add(name);
    collectMessageNames(name, message.messages, names);
  }
}

/** All files behind the imports of a file, each after those that it imports itself. */
function importedFiles(root: ProtoFile, references: ReadonlyMap<string, string>): Map<string, ProtoFile> {
  const done = new Map<string, ProtoFile>();
  const begun = new Set<string>();

  function visit(importer: string, file: ProtoFile): void {
    for (const { path, kind } of file.imports) {
      if (done.has(path)) continue;
      if (begun.has(path)) throw invalidProto(`the import of ${path} leads back to itself`);
      // Deeper than any real tree of files, and far from the end of the stack.
      if (begun.size >= maxFiles) throw tooManyFiles();
      const text = references.get(path);
      const imported = text === undefined ? wellKnownFile(path) : readProtobufText(text);
      if (imported === undefined) {
        if (kind === 'weak') continue;
        const where = importer === '' ? '' : ` of ${importer}`;
        throw new Problem(
          'SCHEMA_INVALID',
          `the import ${JSON.stringify(path)}${where} is not among the references`,
          {
            fix: `add a reference named ${JSON.stringify(path)}`,
          },
        );
      }
      begun.add(path);
      visit(path, imported);
      done.set(path, imported);
    }
  }

  visit('', root);
  return done;
}

/** A file sees itself, what it imports, and what those import publicly. */
function visibleFrom(
  path: string,
  file: ProtoFile,
  files: ReadonlyMap<string, ProtoFile>,
): ReadonlySet<string> {
  const visible = new Set([path]);
  const pending = file.imports.map((each) => each.path);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (visible.has(next)) continue;
    visible.add(next);
    for (const each of files.get(next)?.imports ?? []) if (each.kind === 'public') pending.push(each.path);
  }
  return visible;
}

function tooManyFiles(): Problem {
  return new Problem('SCHEMA_TOO_COMPLEX', `the schema imports more than ${maxFiles} files`, {
    fix: 'import fewer files',
  });
}
