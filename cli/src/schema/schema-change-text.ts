import type { Terminal } from '../terminal.ts';
import type { ChangeEntry } from './registry-answers.ts';

const maxValue = 60;

/** Differences between two schemas, a line each, with who breaks by them. */
export function printSchemaChanges({ line, colour }: Terminal, changes: readonly ChangeEntry[]): void {
  for (const { kind, part, name, before, after, breaks, breaches } of changes) {
    const paint = kind === 'ADDED' ? colour.green : kind === 'REMOVED' ? colour.red : colour.yellow;
    const mark = kind === 'ADDED' ? '+' : kind === 'REMOVED' ? '-' : '~';
    const what = name === '' ? part.toLowerCase() : `${part.toLowerCase()} ${colour.bold(name)}`;
    const values = before === undefined && after === undefined ? '' : `  ${valuesText(before, after)}`;
    const effect = breaks.length === 0 ? '' : `  ${colour.red(`breaks ${breaks.join(' and ')}`)}`;
    line(`  ${paint(mark)} ${what} ${kind.toLowerCase().replaceAll('_', ' ')}${colour.dim(values)}${effect}`);
    for (const { direction, message } of breaches) line(colour.dim(`      ${direction}: ${message}`));
  }
  if (changes.length === 0) line('  nothing has changed');
}

function valuesText(before: unknown, after: unknown): string {
  if (before === undefined) return valueText(after);
  return `${valueText(before)} → ${after === undefined ? 'nothing' : valueText(after)}`;
}

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length > maxValue ? `${text.slice(0, maxValue)}…` : text;
}
