/** A line that says how far long work is. Only for people at a terminal; it leaves nothing behind. */
export interface Progress {
  show(done: number, total: number, what: string): void;
  end(): void;
}

/** Progress on stderr, so that what is on stdout stays clean. */
export function createProgress(isQuiet: boolean): Progress {
  const isShown = !isQuiet && process.stderr.isTTY === true;
  const write = (text: string): void => void (isShown && process.stderr.write(`\r\u001b[K${text}`));
  return {
    show(done, total, what) {
      if (total > 1) write(`${done + 1}/${total} ${what}`);
    },
    end: () => write(''),
  };
}
