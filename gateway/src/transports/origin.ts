/** Where a request says that it comes from. */
export interface RequestOrigin {
  readonly origin: string | undefined;
  readonly host: string | undefined;
}

/**
 * Whether a browser page may open a stream here. Browsers send cross-origin WebSockets without asking, so the server
 * must look: the page's origin is our own host, or one that is allowed by name. Programs that are no browser send none.
 */
export function isOriginAllowed({ origin, host }: RequestOrigin, allowed: readonly string[]): boolean {
  if (origin === undefined) return true;
  if (allowed.includes(origin)) return true;
  return URL.canParse(origin) && host !== undefined && new URL(origin).host === host.toLowerCase();
}
