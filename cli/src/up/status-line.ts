import type { RouteStatus } from '../client/route-status.ts';
import type { Terminal } from '../terminal.ts';

export interface StatusLine {
  show(routes: readonly RouteStatus[]): void;
  /** Ends the line, so that what follows starts on its own. */
  end(): void;
}

const barWidth = 20;

/**
 * One line that stays current: at a terminal it is drawn over itself; elsewhere a new line is printed only when a state
 * changes, so that logs stay readable.
 */
export function createStatusLine(terminal: Terminal, isTerminal: boolean): StatusLine {
  let printed = '';
  return {
    show(routes) {
      const text = routes.map((route) => describe(terminal, route)).join('  |  ');
      if (isTerminal) {
        process.stdout.write(
          `\r\u001b[2K${text.slice(0, Math.max(40, (process.stdout.columns ?? 120) * 2))}`,
        );
        return;
      }
      const states = routes.map((route) => `${route.name} ${route.state}`).join(', ');
      if (states !== printed) terminal.line(text);
      printed = states;
    },
    end() {
      if (isTerminal) process.stdout.write('\n');
    },
  };
}

/** One route: a bar while it is copied, then lag and rows. */
export function describe(terminal: Terminal, route: RouteStatus): string {
  const { colour } = terminal;
  const name = colour.bold(route.name);
  switch (route.state) {
    case 'snapshotting': {
      const copied = sum(route.tables.map((table) => table.rowsCopied));
      const all = Math.max(copied, sum(route.tables.map((table) => table.rowsEstimated ?? 0)), 1);
      const filled = Math.round((copied / all) * barWidth);
      return `${name} snapshot [${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}] ${copied} of ${all} rows`;
    }
    case 'streaming': {
      const lag =
        route.lag === null
          ? ''
          : `, lag ${route.lag.seconds.toFixed(1)} s, p95 ${Math.round(route.lag.p95Seconds * 1000)} ms`;
      return `${name} ${colour.green('streaming')} ${route.rowsApplied} rows${lag}`;
    }
    case 'denied':
      return `${name} ${colour.red('denied')} by residency`;
    default:
      return `${name} ${colour.yellow(route.state)}${route.stateReason === null ? '' : ` (${route.stateReason})`}`;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
