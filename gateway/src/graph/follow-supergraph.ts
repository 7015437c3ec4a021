import type { Log } from '@spine/platform/log/create-log';
import type { Graph } from './create-graph.ts';
import { createGraphSource, type GraphSource } from './graph-source.ts';
import { type LoadOptions, loadGraph } from './load-graph.ts';
import { type SupergraphReader, unreadable } from './supergraph-reader.ts';

export interface SupergraphDeps extends LoadOptions {
  readonly reader: SupergraphReader;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

export interface FollowOptions {
  readonly everyMs: number;
  /** Gets a new graph ready while the one before it serves. */
  readonly warm: (next: Graph) => Promise<void>;
  /** Told how each attempt to take over a new supergraph ended. */
  readonly onOutcome: (outcome: 'swapped' | 'kept', current: Graph) => void;
}

/** The graph in use, which follows its supergraph. */
export interface FollowedGraph extends GraphSource {
  /** Looks for a newer supergraph in intervals from now on. Once. */
  follow(options: FollowOptions): void;
  /** Why a newer supergraph is not in use; null while the newest is. */
  fault(): string | null;
  /** Looks no more, and gives up what it is reading. */
  close(): Promise<void>;
}

/**
 * Reads the first supergraph; rejects when it cannot be used. Later ones take over only when everything about them is right:
 * whatever is wrong is logged, and the last good one kept.
 */
export async function openSupergraph({ reader, log, ...load }: SupergraphDeps): Promise<FollowedGraph> {
  const closing = new AbortController();
  const first = await reader.read(closing.signal);
  if (first === null) throw unreadable('the start', 'nothing was read');
  const source = createGraphSource(loadGraph(first, load));
  let fault: string | null = null;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();

  async function look({ warm, onOutcome }: FollowOptions): Promise<void> {
    try {
      const text = await reader.read(closing.signal);
      if (text === null) return;
      if (text.sdl !== source.current().sdl) {
        const next = loadGraph(text, load);
        await warm(next);
        if (closing.signal.aborted) return;
        source.swap(next);
        log.info({ event: 'supergraph.swapped', digest: next.digest, subgraphs: next.subgraphs });
        onOutcome('swapped', next);
      } else load.verify(text);
      fault = null;
    } catch (error) {
      if (closing.signal.aborted) return;
      const why = error instanceof Error ? error.message : String(error);
      // A file that is missing for an hour is one fault, not one in each interval.
      if (why === fault) return;
      fault = why;
      log.warn({ event: 'supergraph.kept', digest: source.current().digest, err: error });
      onOutcome('kept', source.current());
    }
  }

  return {
    ...source,
    fault: () => fault,
    follow(options) {
      const next = (): void => {
        timer = setTimeout(() => {
          looking = look(options).finally(() => {
            if (!closing.signal.aborted) next();
          });
        }, options.everyMs);
        timer.unref();
      };
      next();
    },
    async close() {
      closing.abort();
      clearTimeout(timer);
      await looking;
    },
  };
}
