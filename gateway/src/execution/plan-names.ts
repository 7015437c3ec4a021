import type { FieldNode } from 'graphql';

/** How the names in a plan differ from the client's. */
export interface PlanNames {
  /** Under which name the answer to a field is found in what the plan gathers. */
  field(field: FieldNode): string;
  /** The client's name of a variable of the plan. */
  variable(name: string): string;
  /** The client's response names, by those of the plan, where they differ. */
  readonly aliases: ReadonlyMap<string, string>;
}

/** For a plan that was made of the client's own document. */
export const sameNames: PlanNames = {
  field: (field) => field.alias?.value ?? field.name.value,
  variable: (name) => name,
  aliases: new Map(),
};
