import { Problem } from '../problem.ts';

/** One fault of a document: where (a JSON pointer) and what. */
export interface DocumentFault {
  readonly path: string;
  readonly message: string;
}

/** Walks an untyped document and collects every fault instead of stopping at the first. */
export interface DocumentReader {
  readonly faults: readonly DocumentFault[];
  fault(path: string, message: string): void;
  /** The object's members; keys outside `known` are faults. */
  object(value: unknown, path: string, known: readonly string[]): Readonly<Record<string, unknown>>;
  list<T>(value: unknown, path: string, read: (item: unknown, path: string) => T): readonly T[];
  /** A text that is not empty. */
  text(value: unknown, path: string): string;
  anyText(value: unknown, path: string): string;
  texts(value: unknown, path: string): readonly string[];
  oneOf<T extends string>(value: unknown, path: string, words: readonly T[]): T;
  /** Throws INPUT_INVALID naming every fault. */
  finish(what: string): void;
}

/** Makes a reader for one document. */
export function createDocumentReader(): DocumentReader {
  const faults: DocumentFault[] = [];
  const fault = (path: string, message: string): void => {
    faults.push({ path, message });
  };
  const reader: DocumentReader = {
    faults,
    fault,
    object(value, path, known) {
      if (!isObject(value)) {
        fault(path, 'expected an object');
        return {};
      }
      for (const key of Object.keys(value)) if (!known.includes(key)) fault(`${path}/${key}`, 'unknown key');
      return value;
    },
    list(value, path, read) {
      if (!Array.isArray(value)) {
        fault(path, 'expected a list');
        return [];
      }
      return value.map((item: unknown, index) => read(item, `${path}/${index}`));
    },
    text(value, path) {
      if (typeof value === 'string' && value !== '') return value;
      fault(path, 'expected a text that is not empty');
      return '';
    },
    anyText(value, path) {
      if (typeof value === 'string') return value;
      fault(path, 'expected a text');
      return '';
    },
    texts: (value, path) => reader.list(value, path, reader.text),
    oneOf<T extends string>(value: unknown, path: string, words: readonly T[]): T {
      const word = words.find((candidate) => candidate === value);
      if (word !== undefined) return word;
      fault(path, `expected one of ${words.join(', ')}`);
      // Never used: a document with faults is not returned.
      return value as T;
    },
    finish(what) {
      const [first] = faults;
      if (first === undefined) return;
      throw new Problem(
        'INPUT_INVALID',
        `${what} has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}: ${faults
          .slice(0, 10)
          .map(({ path, message }) => `${path}: ${message}`)
          .join('; ')}`,
        { path: first.path, extensions: { faults } },
      );
    },
  };
  return reader;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
