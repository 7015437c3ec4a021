import { compareFiles } from './compare-files.ts';
import type { CheckedFile } from './finding.ts';
import type { SchemaFile } from './schema-file.ts';

/** An Avro record in a file. */
export function avroFile(file: string, fields: readonly object[], name = 'Order'): SchemaFile {
  return { file, type: 'AVRO', text: JSON.stringify({ type: 'record', name, fields }, null, 2) };
}

/** A check that finds a breach in each direction: email has no default, and total was an int. */
export function brokenCheck(): CheckedFile {
  const id = { name: 'id', type: 'long' };
  const old = avroFile('old/order & co.avsc', [id, { name: 'total', type: 'int' }]);
  const file = avroFile('new/order & co.avsc', [
    id,
    { name: 'email', type: 'string' },
    { name: 'total', type: 'long' },
  ]);
  return compareFiles(file, [old], { level: 'FULL', profile: 'confluent' });
}
