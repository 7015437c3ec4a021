import type { Terminal } from '../terminal.ts';

/** Rows in columns as wide as their widest cell; the first row is the heading. */
export function printTable({ line, colour }: Terminal, rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const [index, row] of rows.entries()) {
    const text = row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
    line(index === 0 ? colour.dim(text.trimEnd()) : text.trimEnd());
  }
}
