import { readFile, stat } from 'node:fs/promises';
import { mostSupergraphBytes, type SupergraphReader, unreadable } from './supergraph-reader.ts';

/**
 * Reads a file whenever it is another one. Asked in intervals: that sees what watching misses, such as the file of an editor
 * that renames, the link that Kubernetes turns to another folder, and a volume on another machine.
 */
export function createFileReader(file: string, { signed }: { readonly signed: boolean }): SupergraphReader {
  const signatureFile = `${file}.sig`;
  let seen: string | null = null;
  return {
    async read() {
      try {
        // Before reading: what is written meanwhile is read the next time.
        const mark = `${await markOf(file)} ${signed ? await markOf(signatureFile) : ''}`;
        if (mark === seen) return null;
        const sdl = await readFile(file, 'utf8');
        const signature = signed ? await readFile(signatureFile, 'utf8') : null;
        seen = mark;
        return { sdl, signature };
      } catch (cause) {
        seen = null;
        throw unreadable(file, cause instanceof Error ? cause.message : 'it cannot be read', cause);
      }
    },
  };
}

/** Changes when the file is written, replaced, or a link on its way turned. */
async function markOf(file: string): Promise<string> {
  const { dev, ino, size, mtimeNs } = await stat(file, { bigint: true });
  if (size > mostSupergraphBytes) throw new Error(`${file} has more than ${mostSupergraphBytes} bytes`);
  return [dev, ino, size, mtimeNs].join(':');
}
