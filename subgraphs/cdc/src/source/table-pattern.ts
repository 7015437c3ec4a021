import { Problem } from '@spine/kernel/problem';

/** One entry of a route's `tables`: `schema.table`, where `*` stands for any run of characters and `?` for one. */
export interface TablePattern {
  readonly text: string;
  /** Names one table: no globs. */
  readonly exact: boolean;
  matches(schema: string, table: string): boolean;
}

/** Parses `schema.table`; the first dot parts the two. Throws Problem('CONFIG_INVALID') without one. */
export function parseTablePattern(text: string): TablePattern {
  const dot = text.indexOf('.');
  const [schema, table] = [text.slice(0, dot), text.slice(dot + 1)];
  if (dot < 0 || schema === '' || table === '') {
    throw new Problem('CONFIG_INVALID', `'${text}' does not name a table`, {
      fix: 'Write schema.table; * may stand for any part of either.',
    });
  }
  const [schemaGlob, tableGlob] = [globOf(schema), globOf(table)];
  return {
    text,
    exact: !/[*?]/.test(text),
    matches: (inSchema, named) => schemaGlob.test(inSchema) && tableGlob.test(named),
  };
}

function globOf(text: string): RegExp {
  const escaped = text.replace(/[\\^$+.()|[\]{}]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
}
