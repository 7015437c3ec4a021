/** What to do about a breach, in one sentence: for the reader of the new schema, and for those of the old one. */
export function nextStep(kind: string, direction: 'BACKWARD' | 'FORWARD'): string {
  const steps = byKind.get(kind);
  if (steps !== undefined) return steps[direction === 'BACKWARD' ? 0 : 1];
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
