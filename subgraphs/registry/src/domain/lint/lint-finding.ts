/** How much a finding weighs: an error stops a publish on our own paths, a warning is told. */
export const severities = ['error', 'warning', 'off'] as const;

export type Severity = (typeof severities)[number];

/** Severities that a subject sets for itself, by rule. */
export type LintSeverities = Readonly<Record<string, Severity>>;

/** One thing that a lint rule found. */
export interface LintFinding {
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  /** JSON pointer into the schema; for Protobuf by names and numbers; '' for the whole. */
  readonly path: string;
  readonly message: string;
  /** Only where the change of the text is certain, and changes nothing for readers of data. */
  readonly fix?: LintFix;
}

/** How the text can be put right. */
export interface LintFix {
  /** What it does, in one sentence. */
  readonly summary: string;
  readonly edits: readonly TextEdit[];
}

/** Sets a value in a text of JSON, or replaces characters of a text of any kind. */
export type TextEdit =
  | { readonly kind: 'SET'; readonly path: string; readonly value: unknown }
  | { readonly kind: 'REPLACE'; readonly start: number; readonly end: number; readonly text: string };
