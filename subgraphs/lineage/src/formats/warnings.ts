import type { EventWarning } from '../domain/lineage-event.ts';

/** What is kept of an event's warnings: a body of thousands of bad facets must not become thousands of rows. */
const most = 100;

/** Collects what a strict consumer would have refused. */
export interface Warnings {
  add(code: EventWarning['code'], path: readonly string[], message: string): void;
  list(): readonly EventWarning[];
}

/** An empty collection that keeps the first hundred. */
export function createWarnings(): Warnings {
  const kept: EventWarning[] = [];
  return {
    add(code, path, message) {
      if (kept.length < most) kept.push({ code, path: pointer(path), message });
    },
    list: () => kept,
  };
}

/** A JSON pointer (RFC 6901). */
export function pointer(path: readonly string[]): string {
  return path.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
