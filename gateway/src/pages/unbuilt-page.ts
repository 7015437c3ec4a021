/** What stands in for the explorer before it was built. */
export const unbuiltPage = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Explorer · Data Spine</title></head>
<body>
<h1>The explorer is not built</h1>
<p>Run <code>npm run build -w @spine/explorer</code> in the checkout and load this page again: nothing has to be restarted.
<code>npm ci</code> does it by itself, unless it leaves out scripts or development packages.</p>
<p>The graph is at <code>/graphql</code> all the same.</p>
</body>
</html>
`;
