import { expect, test } from 'vitest';
import { createDisposeStack } from './dispose-stack.ts';

test('closing undoes everything once, the last opened first', async () => {
  const done: string[] = [];
  const stack = createDisposeStack();
  stack.defer(() => done.push('database'));
  stack.defer(async () => done.push('server'));
  await Promise.all([stack.close(), stack.close()]);
  expect(done).toEqual(['server', 'database']);
});

test('what fails or hangs stops nothing else, and every cause is told', async () => {
  const done: string[] = [];
  const stack = createDisposeStack({ deadlineMs: 20 });
  stack.defer(() => done.push('first'));
  stack.defer(() => new Promise(() => undefined));
  stack.defer(() => {
    throw new Error('broken');
  });
  const failure = await stack.close().catch((error: unknown) => error);
  expect(done).toEqual(['first']);
  expect(failure).toBeInstanceOf(AggregateError);
  expect(failure).toMatchObject({ errors: [{ message: 'broken' }, { message: 'not closed within 20 ms' }] });
});
