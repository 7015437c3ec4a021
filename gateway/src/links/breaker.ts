import { type BreakerEvent, type BreakerState, breakerStates } from './breaker-state.ts';

export interface BreakerOptions {
  /** It opens when of the last `window` calls this many got no answer. */
  readonly failures: number;
  readonly window: number;
  /** How long it stays open before one call tries again. */
  readonly openMs: number;
}

/** Says whether a subgraph is worth asking. */
export interface Breaker {
  readonly state: BreakerState;
  /** Leave for one call: how it reports what became of it, once. Or the milliseconds after which asking is worth it. */
  ask(): ((outcome: Outcome) => void) | number;
  /** Told that the subgraph says of itself that it is ready: the next call tries it. */
  heardOf(): void;
}

/** `given up`: the caller left, which says nothing of the subgraph. */
export type Outcome = 'answered' | 'unanswered' | 'given up';

/** Creates a closed one. `now` is in milliseconds and never goes back. */
export function createBreaker(
  { failures, window, openMs }: BreakerOptions,
  { now, onChange }: { readonly now: () => number; readonly onChange: (state: BreakerState) => void },
): Breaker {
  let state: BreakerState = 'closed';
  let openedAt = 0;
  let trying = false;
  // The last outcomes, oldest overwritten first: true for one without an answer.
  let outcomes: boolean[] = [];
  let next = 0;
  let unanswered = 0;

  function learn(event: BreakerEvent): void {
    const to = breakerStates[state][event];
    if (to === state) return;
    state = to;
    if (state === 'open') openedAt = now();
    if (state === 'closed') {
      outcomes = [];
      next = 0;
      unanswered = 0;
    }
    trying = false;
    onChange(state);
  }

  function remember(failed: boolean): void {
    if (outcomes[next] === true) unanswered -= 1;
    outcomes[next] = failed;
    if (failed) unanswered += 1;
    next = (next + 1) % window;
    if (unanswered >= failures) learn('tripped');
  }

  function report(outcome: Outcome, tries: boolean): void {
    if (tries) trying = false;
    if (outcome === 'given up') return;
    if (state === 'closed') remember(outcome === 'unanswered');
    else if (tries || outcome === 'answered') learn(outcome);
  }

  return {
    get state() {
      return state;
    },
    ask() {
      const left = openedAt + openMs - now();
      if (state === 'open' && left <= 0) learn('waited');
      if (state === 'closed') return reportClosed;
      if (state === 'open') return left;
      if (trying) return openMs;
      trying = true;
      return (outcome) => report(outcome, true);
    },
    heardOf: () => learn('waited'),
  };

  function reportClosed(outcome: Outcome): void {
    report(outcome, false);
  }
}
