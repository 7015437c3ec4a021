import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { z } from 'zod';
import type { CheckFacet } from './parse-facets.ts';

// Three up from src/formats as from dist/formats, and then the root.
const ownSchemas = new URL('../../../../schema/openlineage/', import.meta.url);

const facetSchemaShape = z.looseObject({ $id: z.string(), $defs: z.record(z.string(), z.unknown()) });

/**
 * Checks facets against the schemas that we ship, found by the facet's `_schemaURL`. Facets of others are not judged: they
 * are kept as they came.
 */
export function createFacetCheck(directory: URL = ownSchemas): CheckFacet {
  const validators = compileAll(directory);
  return (schemaUrl, facet) => {
    const validate = validators.get(schemaUrl);
    if (validate === undefined || validate(facet)) return null;
    const [error] = validate.errors ?? [];
    // The message of ajv names places and rules, not what stood there.
    return `${error?.instancePath ?? ''} ${error?.message ?? 'is invalid'}`.trim();
  };
}

// All of them at once: URLs from outside must never reach ajv's own resolver and its caches.
function compileAll(directory: URL): ReadonlyMap<string, ValidateFunction> {
  const ajv = new Ajv2020({ strict: true });
  addFormats.default(ajv);
  const validators = new Map<string, ValidateFunction>();
  for (const file of readdirSync(directory).filter((name) => name.endsWith('.json'))) {
    const schema = facetSchemaShape.parse(JSON.parse(readFileSync(new URL(file, directory), 'utf8')));
    ajv.addSchema(schema);
    for (const name of Object.keys(schema.$defs)) {
      const url = `${schema.$id}#/$defs/${name}`;
      validators.set(url, ajv.compile({ $ref: url }));
    }
  }
  return validators;
}
