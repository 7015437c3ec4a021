/** Names under which one connection keeps its statements parsed. */
export interface StatementNames {
  /** The same text has the same name. */
  of(text: string): string;
}

/** Starts with none; make one for each connection. */
export function createStatementNames(): StatementNames {
  const names = new Map<string, string>();
  return {
    of(text) {
      const known = names.get(text);
      if (known !== undefined) return known;
      const name = `spine_${names.size + 1}`;
      names.set(text, name);
      return name;
    },
  };
}
