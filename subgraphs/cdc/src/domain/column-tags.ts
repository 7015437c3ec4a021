/** Labels by the path of a field, as the inventory and the registry keep them. */
export type TagsByPath = Readonly<Record<string, readonly string[]>>;

/** What any of the sources says of a column, or of something inside it: the gate minds them all. */
export function columnTags(column: string, ...said: readonly TagsByPath[]): readonly string[] {
  const found = new Set<string>();
  for (const tags of said) {
    for (const [path, labels] of Object.entries(tags)) {
      const isInside = path.startsWith(column) && /^[.[{]/.test(path.slice(column.length));
      if (path === column || isInside) for (const label of labels) found.add(label);
    }
  }
  return [...found].sort();
}
