/** Names at the source: `spine_<route>`; Postgres allows lower case letters, digits and _ in slot names, 63 bytes. */
export function slotName(route: string): string {
  return `spine_${route.replaceAll('-', '_')}`;
}

/** The route's publication; the second one, for tables without a key, adds `_insert`. */
export function publicationName(route: string): string {
  return slotName(route);
}
