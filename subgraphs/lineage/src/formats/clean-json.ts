/** How deep an event may nest; real ones stay below 50. Deeper bodies are made to exhaust the stack. */
export const maxJsonDepth = 256;

/** A JSON value whose texts Postgres can hold, or null when it nests too deep. `cleaned` says whether any text changed. */
export function cleanJson(value: unknown): { readonly value: unknown; readonly cleaned: boolean } | null {
  let cleaned = false;
  let tooDeep = false;

  // Postgres has no U+0000 in text, and UTF-8 has no form for half a surrogate pair.
  const clean = (text: string): string => {
    if (!unstorable.test(text)) return text;
    cleaned = true;
    return text.replaceAll(everyUnstorable, '\ufffd');
  };
  const walk = (node: unknown, depth: number): unknown => {
    if (typeof node === 'string') return clean(node);
    if (typeof node !== 'object' || node === null) return node;
    if (depth >= maxJsonDepth) {
      tooDeep = true;
      return null;
    }
    if (Array.isArray(node)) return node.map((item) => walk(item, depth + 1));
    // fromEntries defines members: `__proto__` stays a key like any other.
    return Object.fromEntries(
      Object.entries(node).map(([key, member]) => [clean(key), walk(member, depth + 1)]),
    );
  };

  const result = walk(value, 0);
  return tooDeep ? null : { value: result, cleaned };
}

const pattern = String.raw`\u0000|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]`;
const unstorable = new RegExp(pattern);
const everyUnstorable = new RegExp(pattern, 'g');
