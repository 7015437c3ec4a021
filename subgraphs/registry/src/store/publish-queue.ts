import type { Database } from '@spine/platform/postgres/create-database';
import pg from 'pg';
import type { RegistryTables } from './registry-tables.ts';
import { type StoreOutcome, type StoreRequest, storeVersion } from './store-version.ts';
import { type SharedStoreRequest, storeVersions } from './store-versions.ts';

/** Stores versions of many subjects by sharing commits. */
export interface PublishQueue {
  /** Stores as `storeVersion` does, together with what else is waiting. Throws what this version alone throws. */
  store(request: SharedStoreRequest): Promise<StoreOutcome>;
}

interface Waiting {
  readonly request: SharedStoreRequest;
  resolve(outcome: StoreOutcome): void;
  reject(error: unknown): void;
}

/**
 * One batch is on its way at a time, and whatever arrives meanwhile is the next: nobody waits for company, and a commit that
 * takes long is shared by more. What waits is bounded by the requests that the service takes in at once.
 */
export function createPublishQueue(
  { kysely }: Pick<Database<RegistryTables>, 'kysely'>,
  {
    maxTogether = 64,
    maxCharacters = 4 * 1024 * 1024,
  }: {
    readonly maxTogether?: number;
    /** Of all the texts of a batch; a longer one goes alone. */
    readonly maxCharacters?: number;
  } = {},
): PublishQueue {
  let waiting: Waiting[] = [];
  let isRunning = false;

  /** A subject is in a batch once: the second of two was judged before the first is stored. */
  function nextBatch(): readonly Waiting[] {
    const batch = new Map<string, Waiting>();
    const later: Waiting[] = [];
    let characters = 0;
    for (const each of waiting) {
      const { subject, source } = each.request.judged;
      const fits = batch.size === 0 || characters + source.text.length <= maxCharacters;
      if (fits && batch.size < maxTogether && !batch.has(subject)) {
        batch.set(subject, each);
        characters += source.text.length;
      } else later.push(each);
    }
    waiting = later;
    return [...batch.values()];
  }

  async function run(): Promise<void> {
    isRunning = true;
    // What else was read from the network in this turn of the loop comes along.
    await new Promise((resolve) => setImmediate(resolve));
    for (let batch = nextBatch(); batch.length > 0; batch = nextBatch()) await storeBatch(batch);
    isRunning = false;
  }

  async function storeBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await storeVersions(
        kysely,
        batch.map(({ request }) => request),
      );
      for (const [index, outcome] of outcomes.entries()) batch[index]?.resolve(outcome);
    } catch (error) {
      // The server refused all of them for one's sake: each for itself, so that the others are not hurt.
      if (error instanceof pg.DatabaseError && batch.length > 1) await storeEach(batch);
      else for (const { reject } of batch) reject(error);
    }
  }

  async function storeEach(batch: readonly Waiting[]): Promise<void> {
    for (const { request, resolve, reject } of batch) {
      await storeVersion(kysely, request).then(resolve, reject);
    }
  }

  return {
    store: (request) =>
      new Promise((resolve, reject) => {
        waiting.push({ request, resolve, reject });
        if (!isRunning) void run();
      }),
  };
}

/** Whether a version can share its commit with others. */
export function isShared(request: StoreRequest): request is SharedStoreRequest {
  return request.forcedId === undefined;
}
