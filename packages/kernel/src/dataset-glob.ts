/** A pattern over `source.schema.table`; `*` stands for any run of characters without a dot. */
export interface DatasetGlob {
  readonly pattern: string;
  /** Its three parts; each literal, or with a star in it. */
  readonly parts: readonly [string, string, string];
  /** How narrow it is: a literal part counts more than any partial one, those more than a bare star; left to right. */
  readonly specificity: number;
  matches(logicalName: string): boolean;
}

/** Compiles a pattern; undefined when it does not have three parts. */
export function compileGlob(pattern: string): DatasetGlob | undefined {
  const [source, schema, table, ...rest] = pattern.split('.');
  if (!source || !schema || !table) return undefined;
  // A table's own name may hold dots: what follows the second one is the table.
  const parts = [source, schema, [table, ...rest].join('.')] as const;
  const literals = parts.join('').replaceAll('*', '').length;
  const rank = parts.reduce((sum, part) => sum * 3 + (part.includes('*') ? (part === '*' ? 0 : 1) : 2), 0);
  // Equal in shape, the one that spells out more characters is narrower.
  const specificity = 1 + rank * 1000 + Math.min(literals, 999);
  if (!pattern.includes('*')) return { pattern, parts, specificity, matches: (name) => name === pattern };
  const regex = new RegExp(`^${parts.map((part, index) => partRegex(part, index === 2)).join('\\.')}$`, 'su');
  return { pattern, parts, specificity, matches: (name) => regex.test(name) };
}

function partRegex(part: string, last: boolean): string {
  const star = last ? '.*' : '[^.]*';
  return part
    .split('*')
    .map((literal) => literal.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
    .join(star);
}
