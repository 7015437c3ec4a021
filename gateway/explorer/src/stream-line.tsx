import { type Cell, useCell } from './cell.ts';
import type { StreamState } from './stream-state.ts';

const phases = {
  connecting: 'Connecting',
  live: 'Live',
  reconnecting: 'Reconnecting',
  ended: 'Ended',
} as const;

/** The line below the answer while a subscription runs: whether it is live, and what it went through. */
export function StreamLine({ stream }: { readonly stream: Cell<StreamState> }) {
  const { phase, events, resumed, gaps, heardAt } = useCell(stream);
  if (phase === 'idle') return null;
  return (
    <p className="spine-stream" data-phase={phase} role="status">
      <strong>{phases[phase]}</strong>
      <span>{counted(events, 'event')}</span>
      {resumed > 0 && <span>resumed {counted(resumed, 'time')}</span>}
      {gaps > 0 && <span className="spine-gap">{counted(gaps, 'gap')}: events were missed</span>}
      {heardAt !== null && <span>last heard {heardAt.toLocaleTimeString()}</span>}
    </p>
  );
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
