import { expect, test } from 'vitest';
import { createBreaker, type Outcome } from './breaker.ts';
import type { BreakerState } from './breaker-state.ts';

function opening(options = { failures: 3, window: 5, openMs: 1_000 }) {
  let now = 0;
  const states: BreakerState[] = [];
  const breaker = createBreaker(options, { now: () => now, onChange: (state) => states.push(state) });
  return {
    breaker,
    states,
    wait(ms: number) {
      now += ms;
    },
    call(...outcomes: readonly Outcome[]) {
      for (const outcome of outcomes) {
        const report = breaker.ask();
        if (typeof report === 'function') report(outcome);
      }
    },
  };
}

test('opens when too many of the last calls got no answer, whatever came between them', () => {
  const { breaker, call } = opening();
  call('unanswered', 'answered', 'unanswered', 'answered');
  expect(breaker.state).toBe('closed');
  call('unanswered');
  expect(breaker.state).toBe('open');
});

test('forgets calls that are older than its window', () => {
  const { breaker, call } = opening();
  call('unanswered', 'unanswered', 'answered', 'answered', 'answered', 'answered', 'unanswered');
  expect(breaker.state).toBe('closed');
});

test('a caller who left says nothing of the subgraph', () => {
  const { breaker, call } = opening();
  call('given up', 'given up', 'given up', 'given up', 'given up');
  expect(breaker.state).toBe('closed');
});

test('says while it is open how long it will be', () => {
  const { breaker, call, wait } = opening();
  call('unanswered', 'unanswered', 'unanswered');
  wait(400);
  expect(breaker.ask()).toBe(600);
});

test('lets one call at a time try, and closes when it is answered', () => {
  const { breaker, call, wait, states } = opening();
  call('unanswered', 'unanswered', 'unanswered');
  wait(1_000);
  const trying = breaker.ask();
  expect(trying).toBeTypeOf('function');
  expect(breaker.ask()).toBeTypeOf('number');
  if (typeof trying === 'function') trying('answered');
  expect(states).toEqual(['open', 'half-open', 'closed']);
  call('unanswered', 'unanswered');
  expect(breaker.state).toBe('closed');
});

test('waits anew when the call that tried got no answer', () => {
  const { breaker, call, wait } = opening();
  call('unanswered', 'unanswered', 'unanswered');
  wait(1_000);
  call('unanswered');
  expect(breaker.ask()).toBe(1_000);
});

test('a call that tried and was given up leaves its place to the next', () => {
  const { breaker, call, wait } = opening();
  call('unanswered', 'unanswered', 'unanswered');
  wait(1_000);
  call('given up', 'answered');
  expect(breaker.state).toBe('closed');
});

test('a call from before it opened that is answered after all closes it; one that is not changes nothing', () => {
  const { breaker, call } = opening();
  const [slow, slower] = [breaker.ask(), breaker.ask()];
  call('unanswered', 'unanswered', 'unanswered');
  if (typeof slow === 'function') slow('unanswered');
  expect(breaker.state).toBe('open');
  if (typeof slower === 'function') slower('answered');
  expect(breaker.state).toBe('closed');
});
