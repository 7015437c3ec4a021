/** Where a changed table breaks the contract that its readers rely on. */
export interface Breach {
  readonly kind: string;
  /** JSON pointer into the schema. */
  readonly path: string;
  readonly message: string;
}

/** A shape that the registry refused: the table stands still until the source goes back, or the break is accepted. */
export interface Drift {
  readonly schema: string;
  readonly table: string;
  readonly subject: string;
  readonly reason: string;
  /** What would have to be published to accept it. */
  readonly proposedSchema: string;
  readonly breaches: readonly Breach[];
  /** The semantic version under which it may be published; null where the registry named none. */
  readonly requiredVersion: string | null;
}

/** A table that stands still for its drift, from then until the contract is kept again. */
export interface Incident extends Drift {
  readonly id: bigint;
  readonly route: string;
  readonly openedAt: Date;
  readonly resolvedAt: Date | null;
}

/** The two ways out, as sentences with the command to run. */
export function waysOut({ route, schema, table, subject, requiredVersion }: Incident): readonly string[] {
  const name = `${schema}.${table}`;
  return [
    `Change the table back at the source, then run: spine cdc resnapshot ${route} ${name}`,
    `Accept the break: spine cdc accept ${route} ${name} publishes the new shape of ${subject} as ${requiredVersion ?? 'a new major version'} and copies the table again`,
  ];
}
