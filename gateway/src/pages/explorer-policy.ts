/** The Content-Security-Policy of the explorer: its own files and its own host, no script within the page, nothing else. */
export function explorerPolicy(host: string | undefined): string {
  // 'self' does not cover WebSockets in every browser. A host that is none is left out.
  const sockets = host !== undefined && /^[\w.:[\]-]+$/.test(host) ? ` ws://${host} wss://${host}` : '';
  return [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self' blob:",
    // The editor sets the place of each line by a style of its own.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    `connect-src 'self'${sockets}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
