/** What a subject promises between its versions; _TRANSITIVE: to all versions of the line, not only the last. */
export const compatibilityLevels = [
  'NONE',
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
] as const;

export type CompatibilityLevel = (typeof compatibilityLevels)[number];

/** The level of a subject that names none. */
export const defaultLevel: CompatibilityLevel = 'FULL';

/** Which directions a level demands. NONE demands neither. */
export function demandsOf(level: CompatibilityLevel): {
  readonly backward: boolean;
  readonly forward: boolean;
  readonly transitive: boolean;
} {
  const full = level.startsWith('FULL');
  return {
    backward: full || level.startsWith('BACKWARD'),
    forward: full || level.startsWith('FORWARD'),
    transitive: level.endsWith('_TRANSITIVE'),
  };
}
