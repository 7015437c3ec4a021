import DataLoader from 'dataloader';
import { type DecisionRecord, decisionId, parseDecisionId } from '../../domain/decision-record.ts';
import type { ViolationRecord } from '../../domain/violation.ts';
import { type DecisionPageKey, findDecisions, listDecisionPages } from '../../store/decisions.ts';
import { findMatrices, type MatrixHead } from '../../store/matrices.ts';
import { findViolations } from '../../store/violations.ts';
import type { LoadedMatrix } from '../../usecases/matrix-reader.ts';
import type { GovernanceContext } from './governance-context.ts';

/** A decision by its id; undefined when there is none. */
export async function loadDecision(
  context: GovernanceContext,
  id: string,
): Promise<DecisionRecord | undefined> {
  const loader = context.loaders.get(
    'governance.decision',
    () =>
      new DataLoader<string, DecisionRecord | undefined>(
        async (ids) => {
          const places = ids.flatMap((asked) => parseDecisionId(asked) ?? []);
          const records = await findDecisions(context.governance.database.kysely, places);
          const byId = new Map(records.map((record) => [decisionId(record), record]));
          return ids.map((asked) => byId.get(asked));
        },
        // A subscription lives long: it batches and remembers nothing.
        { cache: false },
      ),
  );
  return await loader.load(id);
}

/** A page of a dataset's decisions; pages that one request asks for are read together. */
export async function loadDecisionPage(
  context: GovernanceContext,
  key: DecisionPageKey,
): Promise<readonly DecisionRecord[]> {
  const loader = context.loaders.get(
    'governance.decisionPage',
    () =>
      new DataLoader<DecisionPageKey, readonly DecisionRecord[]>(
        (keys) => listDecisionPages(context.governance.database.kysely, keys),
        { cache: false },
      ),
  );
  return await loader.load(key);
}

/** A violation by its id; undefined when there is none. */
export async function loadViolation(
  context: GovernanceContext,
  id: string,
): Promise<ViolationRecord | undefined> {
  const loader = context.loaders.get(
    'governance.violation',
    () =>
      new DataLoader<string, ViolationRecord | undefined>(
        async (ids) => {
          const found = await findViolations(context.governance.database.kysely, ids);
          return ids.map((asked) => found.get(asked));
        },
        { cache: false },
      ),
  );
  return await loader.load(id);
}

/** A matrix version by its number; undefined when there is none. */
export async function loadMatrix(
  context: GovernanceContext,
  version: number,
): Promise<MatrixHead | undefined> {
  const loader = context.loaders.get(
    'governance.matrix',
    () =>
      new DataLoader<number, MatrixHead | undefined>(
        async (versions) => {
          const found = await findMatrices(context.governance.database.kysely, versions);
          return versions.map((asked) => found.get(asked));
        },
        { cache: false },
      ),
  );
  return await loader.load(version);
}

/** The matrix in force, one look a request. */
export async function loadActiveMatrix(context: GovernanceContext): Promise<LoadedMatrix | null> {
  const { database, matrices } = context.governance;
  return await context.loaders.get('governance.active', () => matrices.active(database.kysely));
}
