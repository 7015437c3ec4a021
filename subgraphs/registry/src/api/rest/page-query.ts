import { encodeKeyset, type PageRequest, pageArgs } from '@spine/platform/graphql/connection';
import { z } from 'zod';

/** The members of a query that asks for a page. */
export const pageQuery = { first: z.coerce.number().optional(), after: z.string().optional() };

/** A page of positions, newest first. */
export function positionPage(query: {
  readonly first?: number | undefined;
  readonly after?: string | undefined;
}): PageRequest & { readonly before: number | undefined } {
  const page = pageArgs(query.first, query.after);
  return { ...page, before: positionOf(page.after?.[0]) };
}

/** Where the next page begins; null on the last one. */
export function nextCursor(hasMore: boolean, last: string | number | undefined): string | null {
  return hasMore && last !== undefined ? encodeKeyset([String(last)]) : null;
}

/** The position behind which a page begins; one that is no number lies before everything, as a foreign cursor should. */
function positionOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const position = Number(text);
  return Number.isSafeInteger(position) && position < 2 ** 31 ? position : 0;
}
