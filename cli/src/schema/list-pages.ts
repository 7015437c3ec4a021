import type { SpineClient } from '../client/spine-client.ts';

interface ListWish {
  readonly limit?: number | undefined;
  /** What is asked beside the page. */
  readonly query?: Readonly<Record<string, string>>;
}

/** Everything on the pages of a list at the registry, until its end or until `limit` is reached. */
export async function listPages<Page extends { readonly next: string | null }, Item>(
  client: SpineClient,
  path: string,
  parse: (answer: unknown) => Page,
  itemsOf: (page: Page) => readonly Item[],
  { limit = Number.POSITIVE_INFINITY, query: asked = {} }: ListWish = {},
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let after: string | null = null;
  do {
    const query = new URLSearchParams({ ...asked, first: '100', ...(after !== null && { after }) });
    const page = parse(await client.get('registry', `${path}?${query}`));
    items.push(...itemsOf(page));
    after = page.next;
  } while (after !== null && items.length < limit);
  return items.slice(0, limit);
}
