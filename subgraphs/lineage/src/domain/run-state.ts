/** What an event says of its run, and what the graph says of a run: the highest rank that any of its events had. */
export const runStates = ['OTHER', 'START', 'RUNNING', 'COMPLETE', 'FAIL', 'ABORT'] as const;

export type RunState = (typeof runStates)[number];

const ranks: Readonly<Record<RunState, number>> = {
  OTHER: 0,
  START: 1,
  RUNNING: 2,
  COMPLETE: 3,
  FAIL: 3,
  ABORT: 3,
};

/** How far a state is: a later event of a lower rank never takes a run back. */
export function rankOf(state: RunState): number {
  return ranks[state];
}

/** Whether a run in this state has ended. */
export function hasEnded(state: RunState): boolean {
  return rankOf(state) === 3;
}
