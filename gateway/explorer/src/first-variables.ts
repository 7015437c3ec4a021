import { useGraphiQL } from '@graphiql/react';
import { useEffect } from 'react';

/** Fills in the variables of the tab that the page opens with: GraphiQL itself fills in only its query. */
export function useFirstVariables(): void {
  const editor = useGraphiQL(({ variableEditor }) => variableEditor);
  const variables = useGraphiQL(({ tabs, activeTabIndex }) => tabs[activeTabIndex]?.variables);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the editor is there; later its user fills it
  useEffect(() => {
    if (editor !== undefined && editor.getValue() === '') editor.setValue(variables ?? '');
  }, [editor]);
}
