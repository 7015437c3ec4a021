/** Whose word counts where the field disagrees: Confluent's, or that of whoever wants the data to keep its meaning. */
export const profiles = ['confluent', 'strict'] as const;

export type Profile = (typeof profiles)[number];

/** What a Protobuf change can break: bytes, the JSON form, generated code. */
export const axes = ['WIRE', 'JSON', 'SOURCE'] as const;

export type Axis = (typeof axes)[number];

/** How a JSON Schema with an open content model is held: to the letter, or as most people mean it. */
export const policies = ['STRICT', 'LENIENT'] as const;

export type Policy = (typeof policies)[number];

/** What a check counts as a breach. */
export interface CheckRules {
  readonly profile: Profile;
  readonly axes: readonly Axis[];
  readonly policy: Policy;
  /**
   * Which of the two schemas came later; the reader, if nobody says. Some rules are about what is left behind when a schema
   * moves on (a number that is free again, say), and hold one way only.
   */
  readonly newer?: 'READER' | 'WRITER';
}

/** The rules of a profile where nothing else was asked for. */
export function defaultRules(profile: Profile): CheckRules {
  return { profile, axes: ['WIRE', 'JSON'], policy: 'STRICT' };
}

/** Whether a finding decides. One on an axis that nobody asked for is told, and decides nothing. */
export function counts(rules: CheckRules, { axis }: { readonly axis?: Axis | undefined }): boolean {
  return axis === undefined || rules.axes.includes(axis);
}
