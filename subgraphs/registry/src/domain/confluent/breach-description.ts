import type { IncompatibilityKind } from '../incompatibility.ts';

/** What a sentence about a breach names: the place of it as Confluent writes it, and which schema reads. */
export interface BreachPlace {
  readonly path: string;
  /** `new` or `old`. */
  readonly reader: string;
  readonly writer: string;
  /** What the place is called in the reader: the name of an Avro field. */
  readonly name: string;
}

/** A breach in the words of Confluent's registry; undefined for one that it has no words for. */
export function describeBreach(kind: IncompatibilityKind, place: BreachPlace): string | undefined {
  return sentences.get(kind)?.(place);
}

type Sentence = (place: BreachPlace) => string;

// What people search the web for, word by word and slip by slip: clients and runbooks match these texts.
const avro: readonly (readonly [IncompatibilityKind, Sentence])[] = [
  [
    'READER_FIELD_MISSING_DEFAULT_VALUE',
    ({ name, path, reader, writer }) =>
      `The field '${name}' at path '${path}' in the ${reader} schema has no default value and is missing in the ${writer} schema`,
  ],
  [
    'TYPE_MISMATCH',
    ({ path, reader, writer }) =>
      `The type (path '${path}') of a field in the ${reader} schema does not match with the ${writer} schema`,
  ],
  ['NAME_MISMATCH', ({ path }) => `The name of the schema has changed (path '${path}')`],
  [
    'FIXED_SIZE_MISMATCH',
    ({ path, reader, writer }) =>
      `The size of FIXED type field at path '${path}' in the ${reader} schema does not match with the ${writer} schema`,
  ],
  [
    'MISSING_ENUM_SYMBOLS',
    ({ path, reader, writer }) =>
      `The ${reader} schema is missing enum symbols at path '${path}' in the ${writer} schema`,
  ],
  [
    'MISSING_UNION_BRANCH',
    ({ path, reader, writer }) =>
      `The ${reader} schema is missing a type inside a union field at path '${path}' in the ${writer} schema`,
  ],
];

const protobuf: readonly (readonly [IncompatibilityKind, Sentence])[] = [
  [
    'PACKAGE_CHANGED',
    ({ path, reader, writer }) =>
      `The package at '${path}' in the ${reader} schema does not match the package in the ${writer} schema`,
  ],
  [
    'MESSAGE_REMOVED',
    ({ path, reader, writer }) =>
      `The ${reader} schema is missing a MESSAGE type at path '${path}' in the ${writer} schema`,
  ],
  [
    'FIELD_KIND_CHANGED',
    ({ path, reader, writer }) =>
      `The type of a field at path '${path}' in the ${reader} schema does not match the ${writer} schema`,
  ],
  ['FIELD_SCALAR_KIND_CHANGED', (place) => changed('kind', 'SCALAR', place)],
  ['FIELD_NAMED_TYPE_CHANGED', (place) => changed('type', 'MESSAGE', place)],
  [
    'FIELD_NUMERIC_LABEL_CHANGED',
    ({ path, reader, writer }) =>
      `The label for a NUMERIC field at path '${path}' in the ${reader} schema does not match its label in the ${writer} schema`,
  ],
  [
    'REQUIRED_FIELD_ADDED',
    ({ path, reader, writer }) =>
      `A required field  at path '${path}' in the ${reader} schema is missing in the ${writer} schema`,
  ],
  [
    'REQUIRED_FIELD_REMOVED',
    ({ path, reader, writer }) =>
      `The ${reader} schema is missing a required field at path: '${path}' in the ${writer} schema`,
  ],
  [
    'ONEOF_FIELD_REMOVED',
    ({ path, reader, writer }) =>
      `The ${reader} schema is missing a oneof field at path '${path}' in the ${writer} schema`,
  ],
  [
    'MULTIPLE_FIELDS_MOVED_TO_ONEOF',
    ({ path, reader, writer }) =>
      `Multiple fields in the oneof at path '${path}' in the ${reader} schema are outside a oneof in the ${writer} schema`,
  ],
  [
    'FIELD_MOVED_TO_EXISTING_ONEOF',
    ({ path, reader, writer }) =>
      `A field in the oneof at path '${path}' in the ${reader} schema is outside an existing oneof in the ${writer} schema`,
  ],
];

function changed(what: string, form: string, { path, reader, writer }: BreachPlace): string {
  return `The ${what} of a ${form} field at path '${path}' in the ${reader} schema does not match its ${what} in the ${writer} schema`;
}

/** JSON Schema has one sentence for many kinds of breach. */
const jsonSchema: readonly (readonly [Sentence, readonly IncompatibilityKind[]])[] = [
  [
    ({ path, reader, writer }) =>
      `The keyword at path '${path}' in the ${reader} schema is not present in the ${writer} schema`,
    [
      'MAXIMUM_ADDED',
      'MINIMUM_ADDED',
      'EXCLUSIVE_MAXIMUM_ADDED',
      'EXCLUSIVE_MINIMUM_ADDED',
      'MULTIPLE_OF_ADDED',
      'MAX_LENGTH_ADDED',
      'MIN_LENGTH_ADDED',
      'PATTERN_ADDED',
      'REQUIRED_ATTRIBUTE_ADDED',
      'MAX_PROPERTIES_ADDED',
      'MIN_PROPERTIES_ADDED',
      'DEPENDENCY_ARRAY_ADDED',
      'DEPENDENCY_SCHEMA_ADDED',
      'MAX_ITEMS_ADDED',
      'MIN_ITEMS_ADDED',
      'MAX_CONTAINS_ADDED',
      'MIN_CONTAINS_ADDED',
      'UNIQUE_ITEMS_ADDED',
      'ADDITIONAL_ITEMS_REMOVED',
      'ADDITIONAL_PROPERTIES_REMOVED',
      'UNEVALUATED_PROPERTIES_REMOVED',
      'UNEVALUATED_ITEMS_REMOVED',
    ],
  ],
  [
    ({ path, reader, writer }) =>
      `The value at path '${path}' in the ${reader} schema is more than its value in the ${writer} schema`,
    [
      'MIN_LENGTH_INCREASED',
      'MINIMUM_INCREASED',
      'EXCLUSIVE_MINIMUM_INCREASED',
      'MIN_PROPERTIES_INCREASED',
      'MULTIPLE_OF_EXPANDED',
      'MIN_ITEMS_INCREASED',
      'MIN_CONTAINS_INCREASED',
    ],
  ],
  [
    ({ path, reader, writer }) =>
      `The value at path '${path}' in the ${reader} schema is less than its value in the ${writer} schema`,
    [
      'MAX_LENGTH_DECREASED',
      'MAXIMUM_DECREASED',
      'MAX_ITEMS_DECREASED',
      'MAX_CONTAINS_DECREASED',
      'EXCLUSIVE_MAXIMUM_DECREASED',
      'MAX_PROPERTIES_DECREASED',
    ],
  ],
  [
    ({ path, reader, writer }) =>
      `The value at path '${path}' is different between the ${reader} and ${writer} schema`,
    ['PATTERN_CHANGED', 'MULTIPLE_OF_CHANGED', 'DEPENDENCY_ARRAY_CHANGED'],
  ],
  [
    ({ path, reader, writer }) =>
      `An array or combined type at path '${path}' has fewer elements in the ${reader} schema than the ${writer} schema`,
    [
      'ADDITIONAL_ITEMS_NARROWED',
      'ENUM_ARRAY_NARROWED',
      'SUM_TYPE_NARROWED',
      'ADDITIONAL_PROPERTIES_NARROWED',
      'UNEVALUATED_PROPERTIES_NARROWED',
      'UNEVALUATED_ITEMS_NARROWED',
    ],
  ],
  [
    ({ path, reader, writer }) =>
      `An array or combined type at path '${path}' has more elements in the ${reader} schema than the ${writer} schema`,
    ['DEPENDENCY_ARRAY_EXTENDED', 'PRODUCT_TYPE_EXTENDED', 'NOT_TYPE_EXTENDED'],
  ],
  [
    ({ path, reader, writer }) =>
      `A type at path '${path}' is different between the ${reader} schema and the ${writer} schema`,
    [
      'TYPE_CHANGED',
      'TYPE_NARROWED',
      'COMBINED_TYPE_CHANGED',
      'COMBINED_TYPE_SUBSCHEMAS_CHANGED',
      'ENUM_ARRAY_CHANGED',
    ],
  ],
  [
    ({ path, reader, writer }) =>
      `The ${reader} schema has an open content model and has a property or item at path '${path}' which is missing in the ${writer} schema`,
    [
      'REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL',
      'REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_OPEN_CONTENT_MODEL',
      'OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL',
      'ITEM_ADDED_TO_OPEN_CONTENT_MODEL',
    ],
  ],
  [
    ({ path, reader, writer }) =>
      `The ${reader} schema has an unopen content model and has a required property at path '${path}' which is missing in the ${writer} schema`,
    ['REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL'],
  ],
  [
    ({ path, reader, writer }) =>
      `The ${reader} schema has a closed content model and is missing a property or item present at path '${path}' in the ${writer} schema`,
    ['PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL', 'ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL'],
  ],
  [
    ({ path, reader, writer }) =>
      `A property or item is missing in the ${reader} schema but present at path '${path}' in the ${writer} schema and is not covered by its partially open content model`,
    [
      'PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL',
      'ITEM_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL',
    ],
  ],
  [
    ({ path, reader, writer }) =>
      `The ${reader} schema has a property or item at path '${path}' which is missing in the ${writer} schema and is not covered by its partially open content model`,
    [
      'PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL',
      'ITEM_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL',
    ],
  ],
];

const sentences: ReadonlyMap<IncompatibilityKind, Sentence> = new Map([
  ...avro,
  ...protobuf,
  ...jsonSchema.flatMap(([sentence, kinds]) => kinds.map((kind) => [kind, sentence] as const)),
]);
