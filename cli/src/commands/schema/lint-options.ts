import type { CheckOptions } from '../../schema/check-options.ts';
import type { ReportOptions } from '../../schema/report-checks.ts';

/** What `spine schema lint` is told. */
export interface LintOptions extends CheckOptions, ReportOptions {
  /** RULE=SEVERITY; goes before what the mapping says. */
  readonly rule?: readonly string[];
  readonly against?: string;
  readonly baseRef?: string;
  readonly fix?: boolean;
  /** The registry to ask; without one none is. */
  readonly url?: string;
}
