import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** A file of the built explorer, as it is sent. */
export interface ExplorerFile {
  readonly content: Buffer;
  readonly type: string;
  readonly encoding: 'br' | 'gzip' | null;
  readonly etag: string;
}

/** Finds files of the built explorer; null where there is none, as before the first build. */
export interface ExplorerFiles {
  page(acceptEncoding: string | undefined): Promise<ExplorerFile | null>;
  /** A file whose name holds the digest of its content. */
  asset(name: string, acceptEncoding: string | undefined): Promise<ExplorerFile | null>;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
};

/** Serves what `npm run build -w @spine/explorer` left in a folder, in the form that the browser takes. */
export function createExplorerFiles(folder: string): ExplorerFiles {
  async function find(path: string, acceptEncoding = ''): Promise<ExplorerFile | null> {
    const type = types[extname(path)];
    if (type === undefined) return null;
    const compressed = encodings.find(({ encoding }) => takes(acceptEncoding, encoding));
    if (compressed !== undefined) {
      const content = await readIfThere(join(folder, `${path}${compressed.suffix}`));
      if (content !== null) return { content, type, encoding: compressed.encoding, etag: etagOf(content) };
    }
    const content = await readIfThere(join(folder, path));
    return content === null ? null : { content, type, encoding: null, etag: etagOf(content) };
  }
  return {
    page: (acceptEncoding) => find('index.html', acceptEncoding),
    async asset(name, acceptEncoding) {
      // A name, and no way out of the folder.
      return /^[\w-][\w.-]*$/.test(name) ? await find(join('assets', name), acceptEncoding) : null;
    },
  };
}

const encodings = [
  { encoding: 'br', suffix: '.br' },
  { encoding: 'gzip', suffix: '.gz' },
] as const;

function takes(acceptEncoding: string, encoding: string): boolean {
  return acceptEncoding.split(',').some((part) => {
    const [name = '', ...parameters] = part.split(';').map((word) => word.trim());
    return name === encoding && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

function etagOf(content: Buffer): string {
  return `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
}

async function readIfThere(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
