const tokens = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[[\]{},:]/gs;

/**
 * The text with members sorted by name and without spaces, as Kafka's registry stores it when asked to normalise. Numbers
 * and texts stay as they were written. The text must be JSON of bounded nesting.
 */
export function normalizeJsonSchema(text: string): string {
  const read = text.match(tokens) ?? [];
  let at = 0;

  function next(): string {
    at += 1;
    return read[at - 1] ?? '';
  }

  function value(): string {
    const token = next();
    if (token === '[') return list();
    return token === '{' ? members() : token;
  }

  function list(): string {
    const items: string[] = [];
    while (read[at] !== ']' && at < read.length) {
      items.push(value());
      if (read[at] === ',') at += 1;
    }
    at += 1;
    return `[${items.join(',')}]`;
  }

  function members(): string {
    const found = new Map<string, { readonly name: string; readonly text: string }>();
    while (read[at] !== '}' && at < read.length) {
      const written = next();
      at += 1;
      const name = String(JSON.parse(written));
      // Of two members of one name the last counts.
      found.set(name, { name, text: `${JSON.stringify(name)}:${value()}` });
      if (read[at] === ',') at += 1;
    }
    at += 1;
    const sorted = [...found.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
    return `{${sorted.map((member) => member.text).join(',')}}`;
  }

  return value();
}
