import { DOC_EXPLORER_PLUGIN, DocExplorerStore } from '@graphiql/plugin-doc-explorer';
import { explorerPlugin } from '@graphiql/plugin-explorer';
import { HISTORY_PLUGIN, HistoryStore } from '@graphiql/plugin-history';
import { GraphiQLProvider } from '@graphiql/react';
import { GraphiQL, GraphiQLInterface } from 'graphiql';
import { useState } from 'react';
import { type Cell, createCell } from './cell.ts';
import { createFetcher } from './create-fetcher.ts';
import { examplesPlugin } from './examples-plugin.tsx';
import { useFilledVariables } from './filled-variables.ts';
import { useFirstTab } from './first-tab.ts';
import { Masthead } from './masthead.tsx';
import { noNotes } from './notes.ts';
import { type Example, loadSettings, type Settings } from './settings.ts';
import type { SharedOperation } from './shared-operation.ts';
import { StreamLine } from './stream-line.tsx';
import { idleStream } from './stream-state.ts';
import { useSystemTheme } from './system-theme.ts';

export interface ExplorerProps {
  readonly settings: Settings;
  readonly token: Cell<string>;
  /** What the link that led here carried. */
  readonly shared: SharedOperation | null;
}

/** The whole page: GraphiQL with its panels, below a masthead of ours. */
export function Explorer({ settings, token, shared }: ExplorerProps) {
  const [page] = useState(() => createPage(settings, token, shared));
  return (
    <GraphiQLProvider
      fetcher={page.fetcher}
      plugins={page.plugins}
      referencePlugin={DOC_EXPLORER_PLUGIN}
      visiblePlugin={page.panel}
      defaultTabs={page.tabs}
      defaultQuery=""
      {...(shared !== null && { initialQuery: shared.query, initialVariables: shared.variables })}
    >
      <HistoryStore>
        <DocExplorerStore>
          <Followers examples={page.examples} />
          <Masthead mode={settings.mode} token={token} notes={page.notes} />
          {/* Headers would be kept in the history, a token among them: that one has its own field. */}
          <GraphiQLInterface
            isHeadersEditorEnabled={false}
            showPersistHeadersSettings={false}
            defaultEditorToolsVisibility
          >
            <GraphiQL.Logo>
              <span />
            </GraphiQL.Logo>
            <GraphiQL.Footer>
              <StreamLine stream={page.stream} />
            </GraphiQL.Footer>
          </GraphiQLInterface>
        </DocExplorerStore>
      </HistoryStore>
    </GraphiQLProvider>
  );
}

/** What goes on in the page without being seen. */
function Followers({ examples }: { readonly examples: Cell<readonly Example[]> }) {
  useFirstTab();
  useFilledVariables(examples);
  useSystemTheme();
  return null;
}

// What a first visit opens with; the others wait in the panel of examples.
const openAtFirst = ['Headline', 'Violations'];

function createPage(settings: Settings, token: Cell<string>, shared: SharedOperation | null) {
  const { mode } = settings;
  const examples = createCell(settings.examples);
  // Another token may see other data. When the gateway is away, the examples stay as they were.
  token.subscribe(() => {
    loadSettings(token.get()).then(
      (next) => examples.set(next.examples),
      () => undefined,
    );
  });
  const notes = createCell(noNotes);
  const stream = createCell(idleStream);
  const panel = examplesPlugin(examples);
  const first = settings.examples.filter(({ name }) => openAtFirst.includes(name));
  return {
    notes,
    stream,
    examples,
    panel,
    plugins: [DOC_EXPLORER_PLUGIN, panel, explorerPlugin({ showAttribution: false }), HISTORY_PLUGIN],
    tabs: shared === null ? first.map(({ query, variables }) => ({ query, variables })) : [shared],
    fetcher: createFetcher({ needsToken: mode === 'tokens', token, notes, stream }),
  };
}
