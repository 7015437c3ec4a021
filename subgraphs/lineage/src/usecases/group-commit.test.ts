import { Problem } from '@spine/kernel/problem';
import { describe, expect, test } from 'vitest';
import { createGroupCommit, type GroupCommitOptions } from './group-commit.ts';

function commitOf(options: Partial<GroupCommitOptions<string>> = {}) {
  const groups: string[][] = [];
  const gates: (() => void)[] = [];
  const commit = createGroupCommit<string>({
    write: async (items) => {
      groups.push([...items]);
      await new Promise<void>((open) => gates.push(open));
    },
    sizeOf: (item) => item.length,
    writers: 1,
    maxGroup: 3,
    maxGroupBytes: 100,
    maxWaiting: 5,
    maxWaitingBytes: 1000,
    isTransient: () => false,
    ...options,
  });
  /** Lets everything under way and to come finish. */
  const release = async (): Promise<void> => {
    const closing = commit.close();
    let closed = false;
    void closing.then(() => {
      closed = true;
    });
    while (!closed) {
      for (const open of gates.splice(0)) open();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { commit, groups, release };
}

describe('groups', () => {
  test('an item alone is written at once', () => {
    const { commit, groups } = commitOf();
    void commit.submit('a');
    expect(groups).toEqual([['a']]);
  });

  test('what comes while the writer is busy shares the next commit, up to the cap', async () => {
    const { commit, groups, release } = commitOf();
    const all = ['a', 'b', 'c', 'd', 'e'].map((item) => commit.submit(item));
    await release();
    await Promise.all(all);
    expect(groups).toEqual([['a'], ['b', 'c', 'd'], ['e']]);
  });

  test('a group ends before it grows too large; an item larger than that goes alone', async () => {
    const { commit, groups, release } = commitOf({ maxGroupBytes: 4 });
    const all = ['x', 'aa', 'bb', 'cc', 'dddddd'].map((item) => commit.submit(item));
    await release();
    await Promise.all(all);
    expect(groups).toEqual([['x'], ['aa', 'bb'], ['cc'], ['dddddd']]);
  });

  test('two writers write two groups at once', () => {
    const { commit, groups } = commitOf({ writers: 2 });
    void commit.submit('a');
    void commit.submit('b');
    expect(groups).toEqual([['a'], ['b']]);
  });
});

describe('overload', () => {
  test('refuses what would wait beyond the cap, and takes items again later', async () => {
    const { commit, release } = commitOf({ maxWaiting: 2 });
    const taken = ['a', 'b', 'c'].map((item) => commit.submit(item));
    await expect(commit.submit('d')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(commit.waiting()).toBe(2);
    await release();
    await Promise.all(taken);
    expect(commit.waiting()).toBe(0);
  });

  test('counts bytes, too', async () => {
    const { commit, release } = commitOf({ maxWaitingBytes: 10 });
    const taken = ['a', 'bbbbbb'].map((item) => commit.submit(item));
    await expect(commit.submit('cccccc')).rejects.toBeInstanceOf(Problem);
    await release();
    await Promise.all(taken);
  });
});

describe('failure', () => {
  test('of one item does not fail its neighbours', async () => {
    const tried: string[][] = [];
    const { commit } = commitOf({
      write: async (items) => {
        tried.push([...items]);
        await new Promise((resolve) => setImmediate(resolve));
        if (items.includes('bad')) throw new Error('bad');
      },
    });
    const results = await Promise.allSettled(['a', 'b', 'bad', 'c'].map((item) => commit.submit(item)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(tried).toEqual([['a'], ['b', 'bad', 'c'], ['b'], ['bad'], ['c']]);
  });

  test('of the server fails the group without trying each', async () => {
    let writes = 0;
    const { commit } = commitOf({
      isTransient: () => true,
      write: async () => {
        writes += 1;
        await new Promise((resolve) => setImmediate(resolve));
        throw new Error('away');
      },
    });
    const results = await Promise.allSettled(['a', 'b', 'c'].map((item) => commit.submit(item)));
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    expect(writes).toBe(2);
  });
});

test('closing writes what was taken and refuses the rest', async () => {
  const { commit, groups, release } = commitOf();
  const taken = ['a', 'b'].map((item) => commit.submit(item));
  const released = release();
  await expect(commit.submit('late')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  await released;
  await Promise.all(taken);
  expect(groups).toEqual([['a'], ['b']]);
});
