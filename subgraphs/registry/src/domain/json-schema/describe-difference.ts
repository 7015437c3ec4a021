import type { Difference } from './difference.ts';
import type { JsonKind } from './json-kinds.ts';

type Sentence = (difference: Pick<Difference, 'path' | 'writer' | 'reader'>) => string;

/** What a breach is, in one sentence for people. */
export function describeDifference(
  kind: JsonKind,
  difference: Pick<Difference, 'path' | 'writer' | 'reader'>,
): string {
  return sentences[kind](difference);
}

const limit: Sentence = ({ path, writer, reader }) => {
  const keyword = lastStep(path);
  return `${keyword} is ${told(reader.json, keyword)} for the reader and ${told(writer.json, keyword)} for the writer`;
};

const sentences: Readonly<Record<JsonKind, Sentence>> = {
  SCHEMA_ADDED: ({ path }) => `the reader holds ${lastStep(path)} to a schema, the writer does not`,
  TYPE_NARROWED: () => 'the reader takes whole numbers only, the writer writes others too',
  TYPE_CHANGED: ({ reader, writer }) =>
    `the reader has ${typeOf(reader.json)}, the writer ${typeOf(writer.json)}`,
  MAX_LENGTH_ADDED: limit,
  MAX_LENGTH_DECREASED: limit,
  MIN_LENGTH_ADDED: limit,
  MIN_LENGTH_INCREASED: limit,
  PATTERN_ADDED: limit,
  PATTERN_CHANGED: ({ path, ...pair }) =>
    `${limit({ path, ...pair })}; whether one pattern takes all that another does is not decided`,
  MAXIMUM_ADDED: limit,
  MAXIMUM_DECREASED: limit,
  MINIMUM_ADDED: limit,
  MINIMUM_INCREASED: limit,
  EXCLUSIVE_MAXIMUM_ADDED: limit,
  EXCLUSIVE_MAXIMUM_DECREASED: limit,
  EXCLUSIVE_MINIMUM_ADDED: limit,
  EXCLUSIVE_MINIMUM_INCREASED: limit,
  MULTIPLE_OF_ADDED: limit,
  MULTIPLE_OF_EXPANDED: limit,
  MULTIPLE_OF_CHANGED: limit,
  REQUIRED_ATTRIBUTE_ADDED: ({ path }) => `the reader requires ${quoted(path)}, the writer may leave it out`,
  MAX_PROPERTIES_ADDED: limit,
  MAX_PROPERTIES_DECREASED: limit,
  MIN_PROPERTIES_ADDED: limit,
  MIN_PROPERTIES_INCREASED: limit,
  ADDITIONAL_PROPERTIES_REMOVED: () =>
    'the reader refuses properties that it does not name, the writer may write them',
  ADDITIONAL_PROPERTIES_NARROWED: () =>
    'the reader holds properties that it does not name to a schema, the writer does not',
  UNEVALUATED_PROPERTIES_REMOVED: () => 'the reader refuses properties that no part of it looks at',
  UNEVALUATED_PROPERTIES_NARROWED: () =>
    'the reader holds properties that no other part looks at to a narrower schema',
  DEPENDENCY_ARRAY_ADDED: ({ path }) => `the reader requires more properties beside ${quoted(path)}`,
  DEPENDENCY_ARRAY_EXTENDED: ({ path }) => `the reader requires more properties beside ${quoted(path)}`,
  DEPENDENCY_ARRAY_CHANGED: ({ path }) => `the reader requires other properties beside ${quoted(path)}`,
  DEPENDENCY_SCHEMA_ADDED: ({ path }) => `the reader holds objects with ${quoted(path)} to a schema`,
  REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL: ({ path }) =>
    `the reader requires ${quoted(path)}, which the writer may leave out or write as anything`,
  REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_OPEN_CONTENT_MODEL: ({ path }) =>
    `the writer, which may write properties that it does not name, may write ${quoted(path)} as something else`,
  OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL: ({ path }) =>
    `the writer, which may write properties that it does not name, may write ${quoted(path)} as something else`,
  REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL: ({ path }) =>
    `the reader requires ${quoted(path)}, which the writer does not write`,
  PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL: ({ path }) =>
    `the writer writes ${quoted(path)}, the reader refuses properties that it does not name`,
  PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL: ({ path }) =>
    `what the writer writes as ${quoted(path)} does not fit what the reader has for properties that it does not name`,
  PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL: ({ path }) =>
    `the writer may write ${quoted(path)} as what it has for properties that it does not name, the reader asks for another`,
  RESERVED_PROPERTY_REMOVED: ({ path }) => `${quoted(path)} is no longer reserved`,
  RESERVED_PROPERTY_CONFLICTS_WITH_PROPERTY: ({ path }) =>
    `${quoted(path)} is reserved, and a property has that name`,
  MAX_ITEMS_ADDED: limit,
  MAX_ITEMS_DECREASED: limit,
  MIN_ITEMS_ADDED: limit,
  MIN_ITEMS_INCREASED: limit,
  MAX_CONTAINS_ADDED: limit,
  MAX_CONTAINS_DECREASED: limit,
  MIN_CONTAINS_ADDED: limit,
  MIN_CONTAINS_INCREASED: limit,
  UNIQUE_ITEMS_ADDED: () => 'the reader refuses an item that is there twice, the writer may write it',
  ADDITIONAL_ITEMS_REMOVED: () =>
    'the reader refuses items behind those that it names, the writer may write them',
  ADDITIONAL_ITEMS_NARROWED: () => 'the reader holds items behind those that it names to a narrower schema',
  UNEVALUATED_ITEMS_REMOVED: () => 'the reader refuses items that no part of it looks at',
  UNEVALUATED_ITEMS_NARROWED: () => 'the reader holds items that no other part looks at to a narrower schema',
  ITEM_ADDED_TO_OPEN_CONTENT_MODEL: ({ path }) =>
    `the writer, which may write items that it does not name, may write item ${lastStep(path)} as something else`,
  ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL: ({ path }) =>
    `the writer writes item ${lastStep(path)}, the reader refuses items behind those that it names`,
  ITEM_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL: ({ path }) =>
    `the writer may write item ${lastStep(path)} as what it has for items that it does not name, the reader asks for another`,
  ITEM_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL: ({ path }) =>
    `what the writer writes as item ${lastStep(path)} does not fit what the reader has for items that it does not name`,
  ENUM_ARRAY_NARROWED: () => 'the reader knows fewer values than the writer writes',
  ENUM_ARRAY_CHANGED: () => 'the reader knows other values than the writer writes',
  COMBINED_TYPE_CHANGED: () => 'the reader combines its schemas in another way than the writer',
  COMBINED_TYPE_SUBSCHEMAS_CHANGED: () =>
    'the schemas that the reader combines do not read those of the writer',
  PRODUCT_TYPE_EXTENDED: () => 'the reader holds values to more schemas at once than the writer',
  SUM_TYPE_NARROWED: () => 'the reader has fewer alternatives than the writer',
  NOT_TYPE_EXTENDED: () => 'the reader refuses more than the writer does',
  FORMAT_ADDED: limit,
  FORMAT_CHANGED: limit,
  CONTAINS_NARROWED: () => 'the reader asks for items that the writer need not write',
  PROPERTY_NAMES_NARROWED: () => 'the reader refuses names of properties that the writer may write',
  PATTERN_PROPERTIES_NARROWED: ({ path }) =>
    `the reader holds properties that match ${quoted(path)} to what the writer need not keep`,
  CONDITION_NARROWED: () =>
    'it is not decided that what the writer writes keeps to the condition of the reader',
  DYNAMIC_REFERENCE_UNDECIDED: () =>
    'what the reader takes depends on the way that a validator came, so nothing is sure to fit',
};

function lastStep(path: string): string {
  const step = path.slice(path.lastIndexOf('/') + 1);
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

function quoted(path: string): string {
  return JSON.stringify(lastStep(path));
}

function told(json: unknown, keyword: string): string {
  if (typeof json !== 'object' || json === null || !Object.hasOwn(json, keyword)) return 'not set';
  return shorten(JSON.stringify(Reflect.get(json, keyword)));
}

function typeOf(json: unknown): string {
  if (typeof json === 'boolean') return json ? 'anything' : 'nothing';
  const keywords = ['type', 'const', 'enum', 'oneOf', 'anyOf', 'allOf', 'not'];
  const keyword = keywords.find(
    (word) => typeof json === 'object' && json !== null && Object.hasOwn(json, word),
  );
  if (keyword === 'type') return `type ${told(json, 'type')}`;
  if (keyword === 'const' || keyword === 'enum') return `${keyword} ${told(json, keyword)}`;
  if (keyword !== undefined) return `a schema by ${keyword}`;
  return typeof json === 'object' && json !== null && Object.keys(json).length === 0
    ? 'anything'
    : 'a schema without a type';
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
