import type { TextEdit } from './lint-finding.ts';

/** Takes an import out of a text, with its line; undefined unless it is certain which words are meant. */
export function importEdit(text: string, path: string): TextEdit | undefined {
  const quoted = path.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const statement = new RegExp(
    `^[ \\t]*import\\s+(?:weak\\s+)?(["'])${quoted}\\1\\s*;[ \\t]*(?:\\r?\\n)?`,
    'gm',
  );
  const [only, ...others] = [...text.matchAll(statement)];
  if (only === undefined || others.length > 0) return undefined;
  return { kind: 'REPLACE', start: only.index, end: only.index + only[0].length, text: '' };
}
