import { Problem } from '@spine/kernel/problem';
import { isPrimitive } from './avro-name.ts';

/** No schema that people read nests deeper; a deeper one would exhaust the stack of whoever walks it. */
const maxNesting = 256;

/** The JSON of a schema text, nesting bounded. A bare word such as `string` is refused: Java clients could not read it back. */
export function parseSchemaJson(text: string): unknown {
  const name = text.trim();
  if (isPrimitive(name)) {
    throw new Problem('SCHEMA_INVALID', `the schema is the bare word ${name}, which is not JSON for a type`, {
      fix: `send it as JSON text, with its quotes: "${name}"`,
    });
  }
  if (nestingOf(text) > maxNesting) {
    throw new Problem('SCHEMA_INVALID', `the schema nests deeper than ${maxNesting} levels of JSON`, {
      fix: 'define the inner types once and refer to them by name',
    });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Problem('SCHEMA_INVALID', 'the schema is not JSON', {
      fix: 'send the Avro schema as JSON text',
      cause: error,
    });
  }
}

/** The text without the spaces between its tokens: what tells two texts apart that are not the same content. */
export function compactJson(text: string): string {
  return text.replace(tokens, (token) => (token.startsWith('"') ? token : ''));
}

// A text without an end is taken as a whole: looking for its end from every quote inside it would take for ever.
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)|[ \t\r\n]+/gs;
const brackets = /"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)|[[\]{}]/gs;

function nestingOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(brackets)) {
    if (token === '[' || token === '{') {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (token === ']' || token === '}') {
      depth -= 1;
    }
  }
  return deepest;
}
