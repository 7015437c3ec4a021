import type { GraphiQLPlugin } from '@graphiql/react';
import { type Cell, useCell } from './cell.ts';
import { useOpenOperation } from './open-operation.ts';
import type { Example } from './settings.ts';

/** The panel of named examples: a click opens one in a tab, with its variables filled in. */
export function examplesPlugin(examples: Cell<readonly Example[]>): GraphiQLPlugin {
  return { title: 'Examples', icon: ExamplesIcon, content: () => <ExamplesPanel examples={examples} /> };
}

const titles = { query: 'Queries', subscription: 'Streams', mutation: 'Changes' } as const;
const kinds = ['query', 'subscription', 'mutation'] as const;

function ExamplesPanel({ examples }: { readonly examples: Cell<readonly Example[]> }) {
  const openOperation = useOpenOperation();
  const current = useCell(examples);
  const groups = kinds
    .map((kind) => ({ kind, members: current.filter((example) => example.kind === kind) }))
    .filter(({ members }) => members.length > 0);
  return (
    <section className="spine-examples" aria-label="Examples">
      <h2>Examples</h2>
      {groups.map(({ kind, members }) => (
        <div key={kind}>
          <h3>{titles[kind]}</h3>
          <ul>
            {members.map((example) => (
              <li key={example.name}>
                <button
                  type="button"
                  disabled={openOperation === null}
                  onClick={() => openOperation?.(example)}
                >
                  <strong>{inWords(example.name)}</strong>
                  {example.about !== '' && <span>{example.about}</span>}
                </button>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

/** `OpenViolations` as "Open violations". */
function inWords(name: string): string {
  return name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function ExamplesIcon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.6" aria-hidden="true">
      <path d="M6 4h12a1 1 0 0 1 1 1v15l-7-4-7 4V5a1 1 0 0 1 1-1Z" strokeLinejoin="round" />
    </svg>
  );
}
