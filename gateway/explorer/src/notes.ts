/** What an answer is to tell about itself, in its extensions. */
export interface Notes {
  /** How the gateway planned it; for operators. */
  readonly plan: boolean;
  /** What it costs of the caller's budget. */
  readonly cost: boolean;
}

export const noNotes: Notes = { plan: false, cost: false };
