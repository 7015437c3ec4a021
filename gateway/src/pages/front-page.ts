/** Whether a subgraph answers. */
export interface SubgraphState {
  readonly name: string;
  readonly ready: boolean;
}

/** The page at the root: where things are, and whether they answer. */
export function frontPage(mode: 'dev' | 'tokens', subgraphs: readonly SubgraphState[]): string {
  const notice =
    mode === 'dev'
      ? '<p class="notice"><strong>Dev mode.</strong> No authentication is configured: everyone on this machine is admin.</p>'
      : '<p class="notice">Requests carry <code>Authorization: Bearer &lt;token&gt;</code>.</p>';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Data Spine</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${mark}Data Spine</h1>
<p class="lead">Governed data movement: schemas, lineage, routes and residency in one graph.</p>
${notice}
<p><a class="open" href="/graphiql">Open the explorer</a></p>
<h2>Subgraphs</h2>
<ul class="subgraphs">
${subgraphs.map(subgraphItem).join('\n')}
</ul>
<h2>Addresses</h2>
<dl>
<dt><a href="/graphiql">/graphiql</a></dt><dd>The explorer: examples to run, documentation, history, live streams.</dd>
<dt>/graphql</dt><dd>The graph: POST, GET, WebSocket (graphql-transport-ws) and server-sent events.</dd>
<dt><a href="/readyz">/readyz</a></dt><dd>Whether every subgraph answers.</dd>
<dt><a href="/metrics">/metrics</a></dt><dd>Measurements, for Prometheus.</dd>
</dl>
</main>
</body>
</html>
`;
}

/** The policy of this page: text and its own style. */
export const frontPagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

function subgraphItem({ name, ready }: SubgraphState): string {
  const [state, word] = ready ? ['ready', 'answers'] : ['away', 'does not answer'];
  // Names come from the composed graph, where a name is a word.
  return `<li class="${state}"><strong>${name.replace(/[^\w-]/g, '')}</strong> ${word}</li>`;
}

const mark =
  '<svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8" fill="#0d7a6f"/><g fill="#fff"><rect x="8" y="6" width="16" height="4" rx="2"/><rect x="11" y="14" width="10" height="4" rx="2"/><rect x="8" y="22" width="16" height="4" rx="2"/></g></svg>';

const style = `
:root { color-scheme: light dark; --line: light-dark(#dfe3e8, #343b46); --soft: light-dark(#5a6472, #9aa5b4); }
body { font: 16px/1.6 system-ui, sans-serif; margin: 0; background: light-dark(#fff, #161a20); color: light-dark(#1c2430, #e6eaf0); }
main { max-width: 44rem; margin: 0 auto; padding: 3.5rem 1.25rem; }
h1 { display: flex; align-items: center; gap: .75rem; margin: 0; font-size: 1.9rem; letter-spacing: -.01em; }
h1 svg { width: 2.25rem; height: 2.25rem; }
h2 { margin: 2.25rem 0 .5rem; font-size: .8rem; letter-spacing: .06em; text-transform: uppercase; color: var(--soft); }
a { color: light-dark(#0b6a61, #4fd1c1); }
.lead { margin: .5rem 0 1.25rem; font-size: 1.1rem; color: var(--soft); }
.notice { padding: .6rem 1rem; border-left: 3px solid #d58a12; border-radius: 4px; background: light-dark(#fff6e5, #2b2416); }
.open { display: inline-block; padding: .55rem 1.2rem; border-radius: 8px; background: #0d7a6f; color: #fff; font-weight: 600; text-decoration: none; }
.subgraphs { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .5rem; margin: 0; padding: 0; list-style: none; }
.subgraphs li { padding: .5rem .75rem; border: 1px solid var(--line); border-radius: 8px; }
.subgraphs li::before { content: ""; display: inline-block; width: .55rem; height: .55rem; margin-right: .5rem; border-radius: 50%; background: #1f9d6b; }
.subgraphs .away::before { background: #d64533; }
dt { font-family: ui-monospace, monospace; font-size: .95rem; }
dd { margin: 0 0 .6rem; color: var(--soft); }
`;
