import { Problem } from '@spine/kernel/problem';

/** No schema that people read nests deeper; a deeper one would exhaust the stack of whoever walks it. */
const maxNesting = 256;

const tokens = /"(?:[^"\\]|\\.)*"|[[\]{}]/gs;

/** The JSON of a schema text, nesting bounded. Throws SCHEMA_INVALID. */
export function readJsonText(text: string): unknown {
  let depth = 0;
  for (const [token] of text.matchAll(tokens)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth > maxNesting) {
      throw new Problem('SCHEMA_INVALID', `the schema nests deeper than ${maxNesting} levels of JSON`, {
        fix: 'define the inner schemas once and refer to them',
      });
    }
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Problem('SCHEMA_INVALID', 'the schema is not JSON', {
      fix: 'send the JSON Schema as JSON text',
      cause: error,
    });
  }
}
