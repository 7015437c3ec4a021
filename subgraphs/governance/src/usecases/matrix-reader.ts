import { type CompiledPolicy, compilePolicy } from '@spine/kernel/residency/compile-policy';
import type { GovernanceDb } from '../store/governance-tables.ts';
import { findActiveVersion, getDocument } from '../store/matrices.ts';

/** A matrix version with its document, compiled. */
export interface LoadedMatrix {
  readonly version: number;
  readonly digest: string;
  readonly policy: CompiledPolicy;
}

/** Reads matrices; a version never changes, so each is compiled once in a process. */
export interface MatrixReader {
  /** The matrix in force as of `db`; null while none is signed. */
  active(db: GovernanceDb): Promise<LoadedMatrix | null>;
}

/** How many versions stay compiled: the active one, and those that requests under way still see. */
const rememberedVersions = 4;

/** Makes a reader with its own memory. */
export function createMatrixReader(): MatrixReader {
  const loaded = new Map<string, LoadedMatrix>();
  return {
    async active(db) {
      const head = await findActiveVersion(db);
      if (head === null) return null;
      const key = `${head.version}-${head.digest}`;
      const known = loaded.get(key);
      if (known !== undefined) return known;
      const matrix = { ...head, policy: compilePolicy(await getDocument(db, head.version)) };
      loaded.set(key, matrix);
      const [oldest] = loaded.keys();
      if (loaded.size > rememberedVersions && oldest !== undefined) loaded.delete(oldest);
      return matrix;
    },
  };
}
