import type { Spool } from './spool.ts';
import type { SpoolFile } from './spool-file.ts';

/** A spool without a disk, for tests; `files` says how many are open. */
export function memorySpool(): Spool & { files(): number } {
  const open = new Set<SpoolFile>();
  return {
    files: () => open.size,
    open() {
      let bytes = Buffer.alloc(0);
      const file: SpoolFile = {
        length: () => bytes.length,
        append(pieces) {
          bytes = Buffer.concat([bytes, ...pieces]);
        },
        rewind(length) {
          bytes = bytes.subarray(0, length);
        },
        unwritten: () => 0,
        settled: async () => undefined,
        read: async (at, length) => Buffer.from(bytes.subarray(at, at + length)),
        async close() {
          open.delete(file);
        },
      };
      open.add(file);
      return file;
    },
    crowded: () => false,
    settled: async () => undefined,
    close: async () => open.clear(),
  };
}
