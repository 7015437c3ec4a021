/** `closed`: the subgraph is asked. `open`: it is not. `half-open`: one call at a time tries whether it answers again. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** What a breaker learns: a call was answered; one was not; too many were not; it has waited long enough. */
export type BreakerEvent = 'answered' | 'unanswered' | 'tripped' | 'waited';

/** Every state's answer to every event. */
export const breakerStates: Readonly<Record<BreakerState, Readonly<Record<BreakerEvent, BreakerState>>>> = {
  closed: { answered: 'closed', unanswered: 'closed', tripped: 'open', waited: 'closed' },
  // Calls that were under way when it opened say nothing new, unless one is answered after all.
  open: { answered: 'closed', unanswered: 'open', tripped: 'open', waited: 'half-open' },
  'half-open': { answered: 'closed', unanswered: 'open', tripped: 'open', waited: 'half-open' },
};
