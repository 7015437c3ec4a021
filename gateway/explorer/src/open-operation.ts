import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';

/** What a tab shows. */
export interface TabContent {
  readonly query: string;
  readonly variables: string | null;
}

/** Brings an operation into view: in the tab that already shows it, else in a new one. Null until the editors are there. */
export function useOpenOperation(): ((content: TabContent) => void) | null {
  const { addTab, changeTab } = useGraphiQLActions();
  const tabs = useGraphiQL(({ tabs }) => tabs);
  const queryEditor = useGraphiQL(({ queryEditor }) => queryEditor);
  const variableEditor = useGraphiQL(({ variableEditor }) => variableEditor);
  if (queryEditor === undefined || variableEditor === undefined) return null;
  return ({ query, variables }) => {
    const open = tabs.findIndex((tab) => tab.query?.trim() === query.trim());
    if (open >= 0) return changeTab(open);
    addTab();
    queryEditor.setValue(query);
    variableEditor.setValue(variables ?? '');
    queryEditor.focus();
  };
}
