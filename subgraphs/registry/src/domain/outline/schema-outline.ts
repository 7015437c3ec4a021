import type { PartFacts, SchemaPart } from './schema-part.ts';

/** A schema as its text has it: its parts with names, documentation and places, in the words of its format. */
export interface SchemaOutline {
  readonly parts: readonly SchemaPart[];
  /** The step below a part where a fact stands, in formats where each has a place of its own. */
  readonly factSteps: Readonly<Partial<Record<keyof PartFacts, string>>>;
  /** Whether a part that stays has its pointer in every version: one made of names and numbers, not of positions. */
  readonly hasLastingPaths: boolean;
  /** The place in the text that a pointer of a check means: where a named type is defined, not where it is used. */
  locate(pointer: string): string;
}
