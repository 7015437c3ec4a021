import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';

/** What a tab shows. */
export interface TabContent {
  readonly query: string;
  readonly variables: string | null;
}

/** Brings an operation into view: in the tab that already shows it, else in a new one. */
export function useOpenOperation(): (content: TabContent) => void {
  const { addTab, changeTab } = useGraphiQLActions();
  const tabs = useGraphiQL(({ tabs }) => tabs);
  const queryEditor = useGraphiQL(({ queryEditor }) => queryEditor);
  const variableEditor = useGraphiQL(({ variableEditor }) => variableEditor);
  return ({ query, variables }) => {
    const open = tabs.findIndex((tab) => tab.query?.trim() === query.trim());
    if (open >= 0) return changeTab(open);
    addTab();
    queryEditor?.setValue(query);
    variableEditor?.setValue(variables ?? '');
    queryEditor?.focus();
  };
}
