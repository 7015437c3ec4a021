import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** One file of a spool: written at its end, read anywhere, gone when it is closed or the process is. */
export interface SpoolFile {
  length(): number;
  /** Copies the pieces; they reach the disk later, in order. */
  append(pieces: readonly Buffer[]): void;
  /** Forgets everything from `length` on. */
  rewind(length: number): void;
  /** Bytes that are still in memory only. */
  unwritten(): number;
  /** Resolves when everything appended so far can be read; rejects with the fault of the disk. */
  settled(): Promise<void>;
  /** The bytes at `at`: exactly so many, which must have settled. */
  read(at: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

const blockBytes = 256 * 1024;

/**
 * Opens a file for our eyes only and takes its name away at once: it may hold row values, and however this process ends, the
 * system gives the disk back.
 */
export function openSpoolFile(folder: string, onFault: (error: unknown) => void): SpoolFile {
  const handle = openNameless(folder);
  let block = Buffer.allocUnsafeSlow(blockBytes);
  let used = 0;
  /** Where the block goes. */
  let start = 0;
  let waiting = 0;
  let closed = false;
  let writing: Promise<unknown> = handle;
  // Whoever waits for `settled` hears of it, too.
  handle.catch(onFault);

  function write(bytes: Buffer, at: number): void {
    waiting += bytes.length;
    writing = writing.then(async () => {
      if (!closed) await writeAll(await handle, bytes, at);
      waiting -= bytes.length;
    });
    writing.catch(onFault);
  }

  function flush(): void {
    if (used === 0) return;
    write(block.subarray(0, used), start);
    start += used;
    used = 0;
    block = Buffer.allocUnsafeSlow(blockBytes);
  }

  return {
    length: () => start + used,
    append(pieces) {
      for (const piece of pieces) {
        if (used + piece.length > blockBytes) flush();
        if (piece.length > blockBytes) {
          write(piece, start);
          start += piece.length;
          continue;
        }
        piece.copy(block, used);
        used += piece.length;
      }
    },
    rewind(length) {
      // What is on its way to the disk behind this place is written over: writes keep their order.
      used = Math.max(0, length - start);
      start = Math.min(start, length);
    },
    unwritten: () => waiting + used,
    async settled() {
      flush();
      await writing;
    },
    async read(at, length) {
      const bytes = Buffer.allocUnsafeSlow(length);
      await readAll(await handle, bytes, at);
      return bytes;
    },
    async close() {
      closed = true;
      await writing.catch(() => undefined);
      await handle.then((file) => file.close()).catch(() => undefined);
    },
  };
}

async function openNameless(folder: string): Promise<FileHandle> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${process.pid}-${randomBytes(8).toString('hex')}.spool`);
  const file = await open(path, 'wx+', 0o600);
  try {
    await unlink(path);
  } catch (error) {
    // Another worker that starts just now may have swept the name away.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
      await file.close();
      throw error;
    }
  }
  return file;
}

async function writeAll(file: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
}

async function readAll(file: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, at + done);
    if (bytesRead === 0) throw new Error('a spool file is shorter than what was written to it');
    done += bytesRead;
  }
}
