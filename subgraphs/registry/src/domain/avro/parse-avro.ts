import { Problem } from '@spine/kernel/problem';
import type { ReferencedText } from '../schema-reference.ts';
import type { AvroNamed, AvroSchema, AvroType } from './avro-schema.ts';
import { canonicalForm } from './canonical-form.ts';
import { defaultFault } from './default-value.ts';
import { invalid, type Reading, readType, type Size } from './read-type.ts';
import { parseSchemaJson } from './schema-json.ts';

const maxDefaultSteps = 200_000;

/**
 * Reads an Avro schema (specification 1.12) into a plain, finite tree with full names. It may use the named types of the
 * referenced texts, each of which may use those before it. Throws SCHEMA_INVALID with a JSON pointer to the first fault.
 * An empty union is accepted, as the Java implementation does.
 */
export function parseAvro(text: string, references: readonly ReferencedText[] = []): AvroSchema {
  const size = { types: 0, defaultSteps: 0 };
  const known = new Map<string, AvroNamed>();
  for (const reference of references) readReference(reference, known, size);
  const root = readText(text, known, size);
  return { root, named: known };
}

function readReference(reference: ReferencedText, known: Map<string, AvroNamed>, size: Size): void {
  try {
    readText(reference.text, known, size);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem(error.code, `in the referenced schema ${reference.name}: ${error.message}`, {
      fix: 'publish a version of the referenced schema that can be read, and refer to that',
      cause: error,
    });
  }
}

/** Adds the named types of one text to those that are known. */
function readText(text: string, known: Map<string, AvroNamed>, size: Size): AvroType {
  const reading: Reading = { known, named: new Map(), begun: new Map(), defaults: [], size };
  const root = readType(reading, parseSchemaJson(text), '', '');
  checkDefaults(reading);
  for (const [name, definition] of reading.named) {
    const other = known.get(name);
    if (other === undefined) known.set(name, definition);
    else if (!isSameDefinition(other, definition)) {
      const path = reading.begun.get(name) ?? '';
      throw invalid(path, `${name} is defined in another way by a schema that this one refers to`);
    }
  }
  return root;
}

function checkDefaults({ known, named, defaults, size }: Reading): void {
  const scope = {
    find: (name: string) => named.get(name) ?? known.get(name),
    spend: () => {
      size.defaultSteps += 1;
      if (size.defaultSteps > maxDefaultSteps) throw invalid('', 'its defaults are too large to check');
    },
  };
  for (const { type, value, path } of defaults) {
    const fault = defaultFault(scope, type, value);
    if (fault !== undefined) throw invalid(path, `the default ${fault}`);
  }
}

/** Compares one level: the named types inside are compared for themselves. */
function isSameDefinition(a: AvroNamed, b: AvroNamed): boolean {
  const [one, other] = [a, b].map((definition) => {
    const root: AvroType = { kind: 'reference', name: definition.name };
    return canonicalForm({ root, named: new Map([[definition.name, definition]]) }, 'resolution');
  });
  return one === other;
}
