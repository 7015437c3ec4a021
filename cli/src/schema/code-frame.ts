import type { Place } from './place.ts';

/** How the parts of a frame are painted. */
export interface FrameColours {
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
}

const linesBefore = 2;
const maxWidth = 110;

/** The lines up to a place with a caret under it: what people look at before they read the message. */
export function codeFrame(text: string, place: Place, { dim, red }: FrameColours): string {
  const lines = text.split('\n').map((line) => line.replace('\r', '').replaceAll('\t', ' '));
  const first = Math.max(1, place.line - linesBefore);
  const width = String(place.line).length;
  // A text on one long line is shown around the place.
  const shift = place.column > maxWidth - 20 ? place.column - 40 : 0;
  const frame: string[] = [];
  for (let number = first; number <= place.line; number += 1) {
    const content = visible(lines[number - 1] ?? '', shift);
    frame.push(`${dim(`${String(number).padStart(width)} |`)} ${content}`);
  }
  const content = visible(lines[place.line - 1] ?? '', shift);
  const start = place.column - 1 - shift;
  // What goes on over the end of its line is marked up to there.
  const end = place.endLine === place.line ? place.endColumn - 1 - shift : content.length;
  const length = Math.max(1, Math.min(end, content.length) - start);
  frame.push(`${dim(`${' '.repeat(width)} |`)} ${' '.repeat(Math.max(0, start))}${red('^'.repeat(length))}`);
  return frame.join('\n');
}

function visible(line: string, shift: number): string {
  const rest = line.slice(shift);
  return rest.length > maxWidth ? `${rest.slice(0, maxWidth - 1)}…` : rest;
}
