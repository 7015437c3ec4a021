/** What to do about a breach, in one sentence: for the reader of the new schema, and for those of the old one. */
export function nextStep(kind: string, direction: 'BACKWARD' | 'FORWARD'): string {
  const steps = byKind.get(kind);
  if (steps !== undefined) return steps[direction === 'BACKWARD' ? 0 : 1];
  const family = families.find(([pattern]) => pattern.test(kind));
  if (family !== undefined) return family[1];
  return direction === 'BACKWARD'
    ? 'Keep what the old data needs, or begin a new major version.'
    : 'Keep what the old readers need, or begin a new major version once they have moved.';
}

const renamed = 'Keep the old name, or list it as an alias of the new one.';
const kept = 'Keep the old type and add the new one as a field of its own.';

/** By kind: what helps the new schema to read old data, and what helps old schemas to read new data. */
const byKind: ReadonlyMap<string, readonly [string, string]> = new Map([
  [
    'READER_FIELD_MISSING_DEFAULT_VALUE',
    [
      'Give the new field a default: old data does not carry it.',
      'Keep the field, or give it a default in a version before it is removed: old readers need it.',
    ],
  ],
  [
    'MISSING_ENUM_SYMBOLS',
    [
      'Keep the symbol, or give the enum a default that stands for symbols it does not know.',
      'Give the enum a default in a version before the symbol is added: old readers do not know it.',
    ],
  ],
  [
    'TYPE_MISMATCH',
    [
      `${kept} Only int, long, float and double widen, and string and bytes change places.`,
      `${kept} What widens for new readers narrows for old ones.`,
    ],
  ],
  [
    'MISSING_UNION_BRANCH',
    ['Keep the branch in the union.', 'Old readers do not know the branch: add a field of its own for it.'],
  ],
  ['NAME_MISMATCH', [renamed, 'Keep the old name: readers that are out there know no other.']],
  ['FIXED_SIZE_MISMATCH', [kept, kept]],
  [
    'LOGICAL_TYPE_MISMATCH',
    [
      'Keep scale and unit, or add a field of its own: the bytes would decode to another value.',
      'Keep scale and unit, or add a field of its own: the bytes would decode to another value.',
    ],
  ],
  [
    'AMBIGUOUS_ALIAS',
    ['Take the alias away that fits a second field.', 'Rename the field that an old alias fits, too.'],
  ],
  [
    'SCHEMA_TYPE_CHANGED',
    [
      'Publish another format under a subject of its own.',
      'Publish another format under a subject of its own.',
    ],
  ],
]);

const keepType = 'Keep the type, and add the new one as a property of its own.';
const widen = 'Keep the constraint as wide as it was, or leave it to whoever writes the data.';

/** Words of Protobuf and JSON Schema are many, and go by families; the first that fits counts. */
const families: readonly (readonly [RegExp, string])[] = [
  [
    /_UNLESS_NUMBER_RESERVED$/,
    'Reserve the number that is gone, such as `reserved 2;`, so that nobody gives it another meaning.',
  ],
  [
    /_UNLESS_NAME_RESERVED$/,
    'Reserve the name that is gone, such as `reserved "total";`, so that nobody gives it another meaning.',
  ],
  [/^(MESSAGE_REMOVED|RESERVED_.*_NO_DELETE|.*_NO_DELETE)$/, 'Keep it, deprecated: somebody still uses it.'],
  [
    /^FIELD_.*(KIND|TYPE|LABEL|CARDINALITY)/,
    'Keep the field as it was, and add the new one under a number of its own.',
  ],
  [/^(FIELD|ENUM_VALUE)_SAME_(NAME|JSON_NAME)$/, 'Keep the name: the JSON form carries it.'],
  [/ONEOF/, 'Keep the field where it was, and add a new one to the oneof.'],
  [
    /^(PACKAGE_CHANGED|FILE_SAME_PACKAGE)$/,
    'Keep the package, or publish the new one under a subject of its own.',
  ],
  [/^REQUIRED_FIELD/, 'Keep the field as required as it was: one without it cannot be read.'],
  [/^REQUIRED_(PROPERTY|ATTRIBUTE)/, 'Leave the property optional, or give it a default.'],
  [
    /^(OPTIONAL_)?(PROPERTY|ITEM)_ADDED_TO_OPEN/,
    'Close the content model first (additionalProperties: false), or check by --policy lenient: old data may carry anything by that name.',
  ],
  [/^(PROPERTY|ITEM)_REMOVED_FROM_CLOSED/, 'Keep it, or open the content model: old data carries it.'],
  [/_NOT_COVERED_BY_PARTIALLY_OPEN/, 'Let the pattern or the additional schema cover it.'],
  [/^(TYPE|COMBINED_TYPE)_(CHANGED|NARROWED)$/, keepType],
  [/(NARROWED|_ADDED|_DECREASED|_INCREASED|_CHANGED|_REMOVED|_EXTENDED|_EXPANDED)$/, widen],
];
