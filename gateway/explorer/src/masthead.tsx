import { type Cell, useCell } from './cell.ts';
import type { Notes } from './notes.ts';
import type { Settings } from './settings.ts';
import { ShareButton } from './share-button.tsx';
import { TokenField } from './token-field.tsx';

export interface MastheadProps {
  readonly mode: Settings['mode'];
  readonly token: Cell<string>;
  readonly notes: Cell<Notes>;
}

/** The line above the editors: where one is, as whom, and what answers tell about themselves. */
export function Masthead({ mode, token, notes }: MastheadProps) {
  return (
    <header className="graphiql-container spine-masthead">
      <a className="spine-home" href="/">
        <Mark />
        Data Spine
      </a>
      <h1>Explorer</h1>
      {mode === 'dev' ? (
        <p className="spine-mode" title="No authentication is configured: everyone on this machine is admin.">
          dev mode
        </p>
      ) : (
        <TokenField token={token} />
      )}
      <div className="spine-actions">
        <NotesSwitch notes={notes} note="plan" label="Query plan" />
        <NotesSwitch notes={notes} note="cost" label="Cost" />
        <ShareButton />
      </div>
    </header>
  );
}

const meanings = {
  plan: 'Show how the gateway plans each query (for operators)',
  cost: 'Show what each query costs of the budget',
} as const;

function NotesSwitch({
  notes,
  note,
  label,
}: {
  readonly notes: Cell<Notes>;
  readonly note: keyof Notes;
  readonly label: string;
}) {
  const current = useCell(notes);
  return (
    <label className="spine-switch" title={meanings[note]}>
      <input
        type="checkbox"
        checked={current[note]}
        onChange={({ target }) => notes.set({ ...current, [note]: target.checked })}
      />
      {label}
    </label>
  );
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="currentColor" />
      <g fill="#fff">
        <rect x="8" y="6" width="16" height="4" rx="2" />
        <rect x="11" y="14" width="10" height="4" rx="2" />
        <rect x="8" y="22" width="16" height="4" rx="2" />
      </g>
    </svg>
  );
}
