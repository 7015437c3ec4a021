/** How many fields the first version of a subject has: a table of middling width. */
const width = 16;

/** The name of the nth subject. */
export function subjectName(index: number): string {
  return `shop.public.table_${String(index).padStart(4, '0')}-value`;
}

/** The text of a subject's version: each has one more optional field than the version before, so all read each other. */
export function schemaTextOf(subject: number, version: number): string {
  return recordText(subject, version, []);
}

/** What could follow a version, and nobody publishes. */
export function candidateText(subject: number, version: number): string {
  return recordText(subject, version, [
    { name: 'candidate', type: ['null', 'long'], default: null, doc: 'Only checked.' },
  ]);
}

function recordText(subject: number, version: number, more: readonly object[]): string {
  const required = Array.from({ length: width }, (_, index) => ({
    name: `column_${index}`,
    type: fieldTypes[index % fieldTypes.length],
    doc: `The column ${index} of table ${subject}.`,
  }));
  const added = Array.from({ length: version - 1 }, (_, index) => ({
    name: `added_${index + 2}`,
    type: ['null', 'string'],
    default: null,
    doc: `Since version ${index + 2}.`,
  }));
  return JSON.stringify({
    type: 'record',
    name: `Table${subject}`,
    namespace: 'shop.public',
    doc: `One row of table ${subject}.`,
    fields: [...required, ...added, ...more],
  });
}

const fieldTypes = [
  'string',
  'long',
  ['null', 'string'],
  { type: 'long', logicalType: 'timestamp-micros' },
  'boolean',
  { type: 'bytes', logicalType: 'decimal', precision: 18, scale: 4 },
];
