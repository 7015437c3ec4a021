import type { Governance } from '../governance-change.ts';
import type { ReadSchema } from '../outline/outline-schema.ts';
import type { SchemaOutline } from '../outline/schema-outline.ts';
import type { SchemaField } from '../schema-field.ts';
import type { LintSeverities } from './lint-finding.ts';

/** What lint looks at. A parsed schema beside its source is one, as far as it goes. */
export interface LintInput extends ReadSchema {
  readonly schema: ReadSchema['schema'] & { readonly fields: readonly SchemaField[] };
  /** Its outline, where that is made already. */
  readonly outlined?: (() => SchemaOutline) | undefined;
  /** What is said about the data; undefined where nobody could say, as on a command line without a registry. */
  readonly stewardship?: Stewardship | undefined;
  /** The version that it would follow; undefined for the first one. */
  readonly previous?: ReadSchema | undefined;
  /** Set by the subject; rules that it does not name keep their own. */
  readonly severities?: LintSeverities | undefined;
}

/** Who answers for the data, and what they say about it. */
export interface Stewardship extends Governance {
  readonly owner?: string | undefined;
}
