import { Problem } from '@spine/kernel/problem';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvDraft04 from 'ajv-draft-04';
import type { Draft } from '../../domain/json-schema/draft.ts';
import type { SchemaDocument } from '../../domain/json-schema/json-schema-tree.ts';

/**
 * Rules of the metaschemas that say more than which kind of value a keyword has. Kafka's clients register schemas that
 * break them, and all of them mean something: an empty `required`, a value that is listed twice.
 */
const forgiven = new Set(['minItems', 'format']);

const options = {
  allErrors: true,
  strict: false,
  validateFormats: false,
  // The metaschemas are right, and are compiled when they are asked for: without the keyword that is taken out below.
  validateSchema: false,
  logger: false,
} as const;

/** Compiled on first use, once for the process: each takes some 50 ms and never changes. */
const validators = new Map<Draft, ValidateFunction>();

/** Holds a schema to the metaschema of its draft. Throws SCHEMA_INVALID with the place of the first fault. */
export function checkMetaschema(json: unknown, draft: Draft): void {
  const validate = validatorOf(draft);
  if (validate(json)) return;
  const [fault] = (validate.errors ?? [])
    .filter(({ keyword }) => !forgiven.has(keyword))
    .toSorted((a, b) => weight(b) - weight(a));
  if (fault === undefined) return;
  throw new Problem('SCHEMA_INVALID', `the value of ${nameOf(fault)} ${fault.message ?? 'is none'}`, {
    fix: `write it as JSON Schema ${draft} has it`,
    path: fault.instancePath,
  });
}

/** The metaschemas themselves, for schemas that refer to them. */
export function listMetaschemas(): readonly SchemaDocument[] {
  const found = new Map<string, unknown>();
  for (const ajv of [
    createAjv('draft-04'),
    createAjv('draft-07'),
    createAjv('2019-09'),
    createAjv('2020-12'),
  ]) {
    for (const known of Object.values(ajv.schemas)) {
      const { schema } = known ?? {};
      if (typeof schema !== 'object') continue;
      const name: unknown = schema['$id'] ?? schema['id'];
      if (typeof name === 'string') found.set(name, schema);
    }
  }
  return [...found].map(([name, json]) => ({ name, json }));
}

function validatorOf(draft: Draft): ValidateFunction {
  const known = validators.get(draft);
  if (known !== undefined) return known;
  const ajv = createAjv(draft);
  // Forgiven as well, and not even asked for: it compares every value of an enum with every other.
  ajv.removeKeyword('uniqueItems');
  const meta = ajv.defaultMeta();
  const validate = typeof meta === 'string' ? ajv.getSchema(meta) : undefined;
  if (validate === undefined) throw new TypeError(`no metaschema of ${draft}`);
  validators.set(draft, validate);
  return validate;
}

function createAjv(draft: Draft) {
  switch (draft) {
    case 'draft-04':
      return new ajvDraft04.default(options);
    case '2019-09':
      return new Ajv2019(options);
    case '2020-12':
      return new Ajv2020(options);
    // All that draft-06 says, draft-07 says as well.
    default:
      return new Ajv(options);
  }
}

/** The fault that says most: the deepest, and not one that only tells that no alternative fits. */
function weight({ instancePath, keyword }: ErrorObject): number {
  const vague = keyword === 'anyOf' || keyword === 'oneOf' || keyword === 'if';
  return instancePath.split('/').length * 2 - (vague ? 1 : 0);
}

function nameOf({ instancePath }: ErrorObject): string {
  return instancePath === ''
    ? 'the schema'
    : JSON.stringify(instancePath.slice(instancePath.lastIndexOf('/') + 1));
}
