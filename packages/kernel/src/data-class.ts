/** Sensitivity labels, mildest first. */
export const dataClasses = ['public', 'internal', 'confidential', 'restricted'] as const;

export type DataClass = (typeof dataClasses)[number];

/** Whether a word is a data class; anything else is unknown, and unknown is denied. */
export function isDataClass(word: string): word is DataClass {
  return dataClasses.some((known) => known === word);
}
