/** The path of a subject at the registry, and what is below it: every step encoded. */
export function subjectPath(subject: string, ...steps: readonly string[]): string {
  return `/schemas/${[subject, ...steps].map(encodeURIComponent).join('/')}`;
}

/** A query of what is set; '' where nothing is. */
export function queryOf(values: Readonly<Record<string, string | undefined>>): string {
  const set = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return set.length === 0 ? '' : `?${new URLSearchParams(set)}`;
}
