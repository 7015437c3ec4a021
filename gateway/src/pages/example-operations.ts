import { readFileSync } from 'node:fs';
import { Kind, parse } from 'graphql';
import type { DatasetKey } from './example-dataset.ts';

const listing = `# The datasets that the spine knows. Their namespace and name are the variables of the next tab.
query Datasets {
  datasets(first: 20) {
    nodes {
      namespace
      name
    }
  }
}
`;

/** What the explorer opens with: the committed operations, each with variables, and a list to choose a dataset from. */
export function exampleOperations(
  operationsFile: string,
  dataset: DatasetKey | null,
): readonly { readonly query: string; readonly variables: string | null }[] {
  const text = readFileSync(operationsFile, 'utf8');
  const committed = parse(text).definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION || definition.loc === undefined) return [];
    const takes = (definition.variableDefinitions ?? []).map(({ variable }) => variable.name.value);
    const variables = takes.includes('namespace')
      ? JSON.stringify(
          dataset ?? { namespace: 'postgres://host:port', name: 'database.schema.table' },
          null,
          2,
        )
      : null;
    return [{ query: `${text.slice(definition.loc.start, definition.loc.end)}\n`, variables }];
  });
  return [...committed, { query: listing, variables: null }];
}
