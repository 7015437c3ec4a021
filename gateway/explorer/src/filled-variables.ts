import { useGraphiQL } from '@graphiql/react';
import { useEffect, useRef } from 'react';
import { type Cell, useCell } from './cell.ts';
import type { Example } from './settings.ts';

/** When the examples are filled in anew, so is the one in view, unless its user has touched its variables. */
export function useFilledVariables(examples: Cell<readonly Example[]>): void {
  const variableEditor = useGraphiQL(({ variableEditor }) => variableEditor);
  const query = useGraphiQL(({ queryEditor }) => queryEditor)?.getValue();
  const current = useCell(examples);
  const previous = useRef(current);
  useEffect(() => {
    const before = previous.current.find((example) => example.query.trim() === query?.trim());
    previous.current = current;
    const after = current.find(({ name }) => name === before?.name);
    if (!before?.variables || !after?.variables) return;
    if (variableEditor?.getValue().trim() === before.variables.trim())
      variableEditor.setValue(after.variables);
  }, [current, query, variableEditor]);
}
