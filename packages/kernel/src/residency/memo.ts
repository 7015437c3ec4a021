/** Remembers answers of a pure function of one text, at most `limit` of them; the oldest go first. */
export function memo<K extends string, T>(limit: number, compute: (key: K) => T): (key: K) => T {
  const answers = new Map<K, { readonly value: T }>();
  return (key) => {
    const known = answers.get(key);
    if (known !== undefined) return known.value;
    const value = compute(key);
    if (answers.size >= limit) {
      const oldest = answers.keys().next();
      if (!oldest.done) answers.delete(oldest.value);
    }
    answers.set(key, { value });
    return value;
  };
}
