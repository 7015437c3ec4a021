/** An operation that a link carries. */
export interface SharedOperation {
  readonly query: string;
  readonly variables: string;
}

/** The fragment of a link to an operation. A browser keeps fragments to itself: no server and no log sees it. */
export function fragmentOf({ query, variables }: SharedOperation): string {
  const parameters = new URLSearchParams({ query });
  if (variables.trim() !== '') parameters.set('variables', variables);
  return `#${parameters}`;
}

/** The operation that a fragment carries, or null. */
export function readFragment(fragment: string): SharedOperation | null {
  const parameters = new URLSearchParams(fragment.replace(/^#/, ''));
  const query = parameters.get('query');
  if (query === null || query.trim() === '') return null;
  return { query, variables: parameters.get('variables') ?? '' };
}
