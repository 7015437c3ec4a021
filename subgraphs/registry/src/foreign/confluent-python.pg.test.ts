import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ListeningRegistry, startListeningRegistry } from '../testing/listening-registry.ts';
import { findPython } from './python-clients.ts';

let registry: ListeningRegistry;
beforeAll(async () => {
  registry = await startListeningRegistry();
});
afterAll(() => registry.close());

test("confluent-kafka-python's serializers write and read Avro, Protobuf and JSON, and its client administers", async (context) => {
  const python = await findPython();
  if (typeof python === 'string') {
    context.skip(python);
    return;
  }
  const { username, password } = registry.steward;
  await publishByHand();
  const script = fileURLToPath(new URL('serialize.py', import.meta.url));
  const said = await python.run(script, registry.url, `${username}:${password}`);
  expect(said.trim().split('\n')).toEqual([
    'ok: avro registers, writes and reads',
    'ok: avro evolves',
    'ok: avro uses the latest version, looks up and normalizes',
    'ok: avro is refused with 409',
    'ok: avro follows references',
    'ok: protobuf registers a descriptor with what it imports, writes and reads',
    'ok: protobuf is found again',
    'ok: what was published by hand is found by its id',
    'ok: json registers, writes, reads and is found again',
    'ok: ids, configs, modes and deletions answer as the client expects',
  ]);
}, 150_000);

/** As people write schemas: spaced, with attributes in an order of their own, and with comments. */
async function publishByHand(): Promise<void> {
  const avro =
    '{ "namespace": "shop", "name": "Order", "type": "record",\n  "fields": [{ "type": "long", "name": "id" }] }';
  const proto = `// What was bought.
syntax = "proto3";
package shop;

message Order {
  string note = 2; // Said by the buyer.
  int64  id   = 1;
}
`;
  const json =
    '{ "type": "object", "properties": { "id": { "type": "integer" } },\n "additionalProperties": false, "title": "Order" }';
  for (const [name, schemaType, schema] of [
    ['avro', 'AVRO', avro],
    ['proto', 'PROTOBUF', proto],
    ['json', 'JSON', json],
  ]) {
    await registry.publish(`py-hand-${name}-value`, { schemaType, schema });
  }
}
