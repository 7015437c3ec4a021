import { createFileRegistry, fromBinary, toBinary } from '@bufbuild/protobuf';
import { type FileDescriptorProto, FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { describe, expect, test } from 'vitest';
import { protobufCanonicalForm } from '../../domain/protobuf/canonical-form.ts';
import { normalizeProtobuf } from '../../domain/protobuf/normalize-proto-file.ts';
import { printProtoFile } from '../../domain/protobuf/print-proto-file.ts';
import { serializeDescriptor } from './descriptor/write-descriptor.ts';
import { parseProtobuf, readProtobufText } from './parse-protobuf.ts';
import { printProtobuf } from './print-protobuf.ts';
import { richEdition, richProto2, richProto3, richReferences } from './rich-proto-model.ts';
import { wellKnownText } from './well-known-files.ts';

const texts = [
  ['proto3', richProto3],
  ['proto2', richProto2],
  ['editions', richEdition],
] as const;

const parse = (text: string) => parseProtobuf(text, richReferences);
const canonical = (text: string): string => protobufCanonicalForm(parse(text));

describe.each(texts)('a schema of %s', (_syntax, text) => {
  test('is the same after it was printed and read again', () => {
    const printed = printProtoFile(readProtobufText(text));
    expect(canonical(printed)).toBe(canonical(text));
    expect(printProtoFile(readProtobufText(printed))).toBe(printed);
  });

  test('is the same in its normal form, which is its own normal form', () => {
    const normal = normalizeProtobuf(parse(text));
    expect(canonical(normal)).toBe(canonical(text));
    expect(normalizeProtobuf(parse(normal))).toBe(normal);
  });

  test('is the same after it was a descriptor', () => {
    const serialized = serializeDescriptor(parse(text));
    expect(canonical(serialized)).toBe(canonical(text));
    expect(canonical(printProtobuf(serialized))).toBe(canonical(text));
    expect(serializeDescriptor(parse(printProtobuf(serialized)))).toBe(serialized);
  });

  test('is a descriptor that a stock implementation links', () => {
    const registry = createFileRegistry({
      $typeName: 'google.protobuf.FileDescriptorSet',
      file: [...descriptorsBehind(text), named(descriptorOf(text), 'order.proto')],
    });
    const linked = [...registry].filter((each) => each.kind === 'message' && each.file.name === 'order');
    expect(linked.map((each) => each.typeName)).toContain(
      `${parse(text).file.package}.${parse(text).file.messages[0]?.name}`,
    );
  });

  test('is the same after a stock implementation wrote its descriptor', () => {
    const bytes = toBinary(FileDescriptorProtoSchema, descriptorOf(text));
    expect(canonical(Buffer.from(bytes).toString('base64'))).toBe(canonical(text));
  });
});

test('tags of fields are in the descriptor and come back from it', () => {
  const again = parse(serializeDescriptor(parse(richProto3)));
  const email = again.messages.get('acme.shop.Order')?.fields.find((field) => field.name === 'email');
  expect(printProtoFile({ ...again.file, messages: again.file.messages.slice(0, 1) })).toContain(
    '(confluent.field_meta) = { doc: "mail", params: { key: "k", value: "v" }, tags: ["PII", "EMAIL"] }',
  );
  expect(email?.label).toBe('optional');
});

test('an option with a value that it does not take costs the options, not the descriptor', () => {
  const text = 'syntax = "proto3"; message A { map<string, int32> a = 1 [targets = { b: 1 }]; }';
  expect(canonical(serializeDescriptor(parse(text)))).toBe(
    canonical('syntax = "proto3"; message A { map<string, int32> a = 1; }'),
  );
});

describe('the canonical form', () => {
  test.each([
    [
      'the order of fields and messages',
      'message B { int32 y = 2; int32 x = 1; } message A {}',
      'message A {} message B { int32 x = 1; int32 y = 2; }',
    ],
    ['comments and spaces', '/* a */ message A {\n}\n', 'message A {}'],
    ['how a name is written', 'message A { .A a = 1; }', 'message A { A a = 1; }'],
    [
      'options of others',
      'import "confluent/meta.proto"; message A { int32 a = 1 [(confluent.field_meta).doc = "x"]; }',
      'message A { int32 a = 1; }',
    ],
    ['how ranges are cut', 'message A { reserved 1, 2, 3 to 5; }', 'message A { reserved 1 to 5; }'],
    ['what is deprecated', 'message A { int32 a = 1 [deprecated = true]; }', 'message A { int32 a = 1; }'],
  ])('leaves out %s', (_what, one, other) => {
    expect(canonical(`syntax = "proto3"; ${one}`)).toBe(canonical(`syntax = "proto3"; ${other}`));
  });

  test.each([
    ['a default', 'optional int32 a = 1 [default = 1];'],
    ['a JSON name', 'optional int32 a = 1 [json_name = "b"];'],
    ['a label', 'repeated int32 a = 1;'],
    ['a name', 'optional int32 b = 1;'],
    ['a reserved number', 'optional int32 a = 1; reserved 2;'],
    ['a oneof', 'oneof x { int32 a = 1; }'],
  ])('keeps %s', (_what, field) => {
    const plain = canonical('message A { optional int32 a = 1; }');
    expect(canonical(`message A { ${field} }`)).not.toBe(plain);
  });

  test('keeps what imported messages are', () => {
    const text = 'import "l.proto"; message A { optional L l = 1; }';
    const forms = ['string', 'int32'].map((type) =>
      protobufCanonicalForm(
        parseProtobuf(text, [{ name: 'l.proto', text: `message L { optional ${type} a = 1; }` }]),
      ),
    );
    expect(forms[0]).not.toBe(forms[1]);
  });
});

test('a text that is a text stays as it is', () => {
  expect(printProtobuf(richProto2)).toBe(richProto2);
});

function descriptorOf(text: string): FileDescriptorProto {
  return fromBinary(FileDescriptorProtoSchema, Buffer.from(serializeDescriptor(parse(text)), 'base64'));
}

function descriptorsBehind(text: string): readonly FileDescriptorProto[] {
  return parse(text).dependencies.map(({ path }) => {
    const own = richReferences.find((each) => each.name === path)?.text;
    return named(descriptorOf(own ?? wellKnownText(path) ?? ''), path);
  });
}

function named(file: FileDescriptorProto, name: string): FileDescriptorProto {
  // Not a copy: what is not set is known to the prototype.
  return Object.assign(file, { name });
}
