import { nearest } from '@spine/kernel/nearest';
import { Problem } from '@spine/kernel/problem';

/** One of the words that an option knows, however its letters are cased. Throws INPUT_INVALID with the nearest. */
export function parseWord<Word extends string>(option: string, text: string, words: readonly Word[]): Word {
  const word = words.find((each) => each.toLowerCase() === text.toLowerCase());
  if (word !== undefined) return word;
  const near = nearest(text, words);
  throw new Problem('INPUT_INVALID', `${option} ${text}: no such word`, {
    fix: near === undefined ? `Give one of ${words.join(', ')}.` : `Did you mean ${near}?`,
  });
}
