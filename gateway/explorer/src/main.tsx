import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import 'graphiql/setup-workers/vite';
import './explorer.css';
import { createRoot } from 'react-dom/client';
import { Explorer } from './explorer.tsx';
import { createSessionToken } from './session-token.ts';
import { loadSettings } from './settings.ts';
import { readFragment } from './shared-operation.ts';

const root = document.getElementById('explorer');
if (root === null) throw new Error('the page has no place for the explorer');

const shared = readFragment(location.hash);
// It is in a tab from now on: loading the page again must not open it again.
if (shared !== null) history.replaceState(null, '', location.pathname);

const token = createSessionToken();
loadSettings(token.get()).then(
  (settings) => createRoot(root).render(<Explorer settings={settings} token={token} shared={shared} />),
  (error: unknown) => {
    root.textContent = `The explorer could not ask the gateway for its settings (${error}). Load the page again.`;
  },
);
