import { useGraphiQL } from '@graphiql/react';
import { useEffect } from 'react';

/**
 * Shows the tab in view when the editors are there. GraphiQL itself shows the first tab's query then, without its variables,
 * whatever tab was clicked while the editors were loading.
 */
export function useFirstTab(): void {
  const queryEditor = useGraphiQL(({ queryEditor }) => queryEditor);
  const variableEditor = useGraphiQL(({ variableEditor }) => variableEditor);
  const tab = useGraphiQL(({ tabs, activeTabIndex }) => tabs[activeTabIndex]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the editors are there; later their user fills them
  useEffect(() => {
    if (queryEditor === undefined || variableEditor === undefined || tab === undefined) return;
    const { query, variables } = tab;
    if (query !== null && queryEditor.getValue() !== query) queryEditor.setValue(query);
    if (variables && variableEditor.getValue() !== variables) variableEditor.setValue(variables);
  }, [queryEditor, variableEditor]);
}
