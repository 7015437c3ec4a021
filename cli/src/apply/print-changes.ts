import type { Terminal } from '../terminal.ts';
import type { SpecChanges } from './apply-spec.ts';

const marks: Readonly<Record<string, string>> = { added: '+', changed: '~', removed: '-', restarted: '↻' };

/** Prints what an apply did or a plan would do, one change a line. */
export function printChanges(terminal: Terminal, changes: SpecChanges): void {
  const { colour } = terminal;
  let count = 0;
  const change = (what: string, mark: string, detail: string) => {
    count++;
    const paint = mark === '+' ? colour.green : mark === '-' ? colour.red : colour.yellow;
    terminal.line(`  ${paint(mark)} ${what}${detail === '' ? '' : colour.dim(`  ${detail}`)}`);
  };
  for (const kind of ['sources', 'sinks'] as const) {
    for (const endpoint of changes.endpoints[kind]) {
      if (endpoint.change !== 'unchanged') {
        change(`${kind.slice(0, -1)} ${endpoint.name}`, marks[endpoint.change] ?? '~', endpoint.namespace);
      }
    }
  }
  if (changes.policy.changed) {
    change(
      `matrix version ${changes.policy.version}`,
      '~',
      `${changes.policy.diff.length} cells, ${changes.policy.status}`,
    );
    for (const cell of changes.policy.diff.slice(0, 20)) terminal.line(colour.dim(`      ${describe(cell)}`));
    const more = changes.policy.diff.length - 20;
    if (more > 0) terminal.line(colour.dim(`      ... and ${more} more (--json lists all)`));
  }
  for (const route of changes.routes) {
    change(`route ${route.name}`, marks[route.change] ?? '~', route.detail);
  }
  if (count === 0) terminal.line('  nothing to change');
  for (const endpoint of [...changes.endpoints.sources, ...changes.endpoints.sinks]) {
    for (const fault of endpoint.faults) {
      terminal.line(`  ${colour.red('!')} ${fault.message}`);
      if (fault.fix !== undefined) terminal.line(`    ${colour.bold('fix:')} ${fault.fix}`);
    }
  }
}

function describe(cell: unknown): string {
  return typeof cell === 'string' ? cell : JSON.stringify(cell);
}
