import fc from 'fast-check';
import type { ScalarType } from './proto-file.ts';

/** A field of the message that is evolved. */
export interface FieldModel {
  readonly number: number;
  readonly name: string;
  readonly type: ScalarType | 'Size' | 'Line' | 'map<string, int32>';
  readonly label: '' | 'optional ' | 'repeated ';
  readonly oneof: boolean;
}

export interface SchemaModel {
  readonly fields: readonly FieldModel[];
  readonly reserved: readonly number[];
  readonly sizes: readonly number[];
}

const scalars: readonly FieldModel['type'][] = [
  'int32',
  'int64',
  'uint32',
  'uint64',
  'sint32',
  'sint64',
  'fixed32',
  'sfixed32',
  'fixed64',
  'sfixed64',
  'float',
  'double',
  'bool',
  'string',
  'bytes',
  'Size',
  'Line',
  'map<string, int32>',
];

const fieldShape = fc
  .record({
    type: fc.constantFrom(...scalars),
    label: fc.constantFrom('' as const, 'optional ' as const, 'repeated ' as const),
    oneof: fc.boolean(),
  })
  .map((shape) => {
    if (shape.type.startsWith('map')) return { ...shape, label: '' as const, oneof: false };
    return shape.oneof ? { ...shape, label: '' as const } : shape;
  });

const field = (number: number): fc.Arbitrary<FieldModel> =>
  fieldShape.map((shape) => ({ number, name: `f${number}`, ...shape }));

const schema: fc.Arbitrary<SchemaModel> = fc
  .uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 })
  .chain((numbers) =>
    fc.record({
      fields: fc.tuple(...numbers.map(field)),
      reserved: fc.constant([]),
      sizes: fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }).map((rest) => [0, ...rest]),
    }),
  );

type Change = (model: SchemaModel) => SchemaModel;

/** Each a step that people take, most of them harmless. */
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.integer({ min: 7, max: 12 }).chain((number) =>
    field(number).map((added) => (model: SchemaModel) => ({
      ...model,
      fields: [...model.fields.filter((each) => each.number !== number), added],
    })),
  ),
  fc.nat({ max: 4 }).map((index) => (model: SchemaModel) => {
    const gone = model.fields[index % model.fields.length];
    if (gone === undefined || model.fields.length === 1) return model;
    const reserved = [...model.reserved, gone.number];
    return { ...model, reserved, fields: model.fields.filter((each) => each !== gone) };
  }),
  fc.tuple(fc.nat({ max: 4 }), fieldShape).map(([index, shape]) => (model: SchemaModel) => ({
    ...model,
    fields: model.fields.map((each, at) =>
      at === index % model.fields.length ? { ...each, ...shape } : each,
    ),
  })),
  fc
    .tuple(fc.nat({ max: 4 }), fc.constantFrom(...scalars.slice(0, 15)))
    .map(([index, type]) => (model: SchemaModel) => ({
      ...model,
      fields: model.fields.map((each, at) =>
        at === index % model.fields.length && !each.type.startsWith('map') ? { ...each, type } : each,
      ),
    })),
  fc.integer({ min: 1, max: 9 }).map((size) => (model: SchemaModel) => ({
    ...model,
    sizes: [...new Set([...model.sizes, size])],
  })),
  fc.constant((model: SchemaModel) => ({ ...model, fields: model.fields.toReversed() })),
);

/** A schema, and what became of it. */
export const evolution: fc.Arbitrary<{ readonly before: SchemaModel; readonly after: SchemaModel }> = fc
  .tuple(schema, fc.array(change, { minLength: 1, maxLength: 3 }))
  .map(([before, changes]) => ({ before, after: changes.reduce((model, apply) => apply(model), before) }));

/** The .proto text of a model. */
export function textOf(model: SchemaModel): string {
  const line = ({ label, type, name, number }: FieldModel): string => `${label}${type} ${name} = ${number};`;
  const members = model.fields.filter((each) => each.oneof);
  const numbers = model.reserved.filter((number) => !model.fields.some((each) => each.number === number));
  const names = numbers.map((number) => `"f${number}"`);
  return `syntax = "proto3"; package shop;
message Order {
${numbers.length === 0 ? '' : `reserved ${numbers.join(', ')}; reserved ${names.join(', ')};`}
${model.fields
  .filter((each) => !each.oneof)
  .map(line)
  .join('\n')}
${members.length === 0 ? '' : `oneof choice { ${members.map(line).join(' ')} }`}
}
message Line { string sku = 1; int32 count = 2; }
enum Size { ${model.sizes.map((size) => `S${size} = ${size};`).join(' ')} }
`;
}

/** A message of the model in its JSON form, with numbers that fit every type of their group. */
export function datumOf(model: SchemaModel): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const chosen = model.fields.filter((each) => each.oneof);
  const members = fc.record(
    Object.fromEntries(
      model.fields.filter((each) => !each.oneof).map((each) => [each.name, arbitraryValue(model, each)]),
    ),
    { requiredKeys: [] },
  );
  const one =
    chosen.length === 0
      ? fc.constant({})
      : fc
          .constantFrom(...chosen)
          .chain((each) => arbitraryValue(model, each).map((value) => ({ [each.name]: value })));
  return fc.tuple(members, one).map(([rest, member]) => ({
    '@type': 'type.googleapis.com/shop.Order',
    ...rest,
    ...member,
  }));
}

function arbitraryValue(model: SchemaModel, { type, label }: FieldModel): fc.Arbitrary<unknown> {
  const single = arbitrarySingle(model, type);
  return label === 'repeated ' ? fc.array(single, { maxLength: 3 }) : single;
}

function arbitrarySingle(model: SchemaModel, type: FieldModel['type']): fc.Arbitrary<unknown> {
  switch (type) {
    case 'bool':
      return fc.boolean();
    case 'string':
      return fc.string({ maxLength: 5 });
    case 'bytes':
      // Text all the same: Confluent takes bytes for a string, and only some are one.
      return fc.string({ maxLength: 5 }).map((text) => Buffer.from(text).toString('base64'));
    case 'float':
    case 'double':
      return fc.integer({ min: -1000, max: 1000 }).map((number) => number / 4);
    case 'Size':
      return fc.constantFrom(...model.sizes).map((size) => `S${size}`);
    case 'Line':
      return fc.record({ sku: fc.string({ maxLength: 3 }), count: fc.nat() }, { requiredKeys: [] });
    case 'map<string, int32>':
      return fc.dictionary(fc.constantFrom('a', 'b'), fc.nat({ max: 9 }));
    default:
      return fc.nat();
  }
}
