/** The page at the root: where things are. */
export function frontPage(mode: 'dev' | 'tokens'): string {
  const notice =
    mode === 'dev'
      ? '<p><strong>Dev mode:</strong> no authentication is configured; everyone on this machine is admin.</p>'
      : '<p>Requests carry <code>Authorization: Bearer &lt;token&gt;</code>.</p>';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Data Spine</title>
<style>
body { font: 16px/1.6 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem; color-scheme: light dark; }
dt { font-family: ui-monospace, monospace; }
dd { margin: 0 0 .75rem; }
</style>
</head>
<body>
<h1>Data Spine</h1>
<p>Governed data movement: schemas, lineage, routes and residency in one graph.</p>
${notice}
<dl>
<dt><a href="/graphiql">/graphiql</a></dt><dd>Explorer: the headline query and the stream of violations are open in tabs.</dd>
<dt>/graphql</dt><dd>The graph: POST, GET, WebSocket (graphql-transport-ws) and server-sent events.</dd>
<dt><a href="/readyz">/readyz</a></dt><dd>Whether every subgraph answers.</dd>
<dt><a href="/metrics">/metrics</a></dt><dd>Measurements, for Prometheus.</dd>
</dl>
</body>
</html>
`;
}

/** The policy of this page: text and its own style. */
export const frontPagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
