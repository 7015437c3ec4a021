import { type ObjectTypeDefinitionNode, parse, print } from 'graphql';
import { expect, test } from 'vitest';
import { buildGovernanceSubgraph } from '../../sdl.ts';

/** Every field of the object types as `Type.field(args): Type`, arguments by name. */
function fieldsOf(sdl: string): readonly string[] {
  return parse(sdl)
    .definitions.filter((node): node is ObjectTypeDefinitionNode => node.kind === 'ObjectTypeDefinition')
    .flatMap((type) =>
      (type.fields ?? []).map((field) => {
        const args = (field.arguments ?? []).map((arg) => print(arg)).toSorted();
        const given = args.length === 0 ? '' : `(${args.join(', ')})`;
        return `${type.name.value}.${field.name.value}${given}: ${print(field.type)}`;
      }),
    );
}

test('the subgraph has every field that governance contributes to the graph', async () => {
  const { sdl } = await buildGovernanceSubgraph();
  expect(fieldsOf(sdl)).toEqual(
    expect.arrayContaining([
      'Dataset.classification: DatasetClassification',
      'Dataset.residency: DatasetResidency',
      'DatasetResidency.decisions(after: Cursor, first: Int): DecisionConnection!',
      'Decision.matrix: MatrixVersion',
      'Violation.dataset: Dataset',
      'Query.matrix(version: Int): MatrixVersion',
      'Query.matrixVersions(after: Cursor, first: Int): MatrixVersionConnection!',
      'Query.decision(id: ID!): Decision',
      'Query.ledgerHead: LedgerHead!',
      'Query.openViolations(after: Cursor, first: Int): ViolationConnection!',
      'Query.violationEvents(after: Cursor, first: Int): ViolationEventPage!',
      'Mutation.acknowledgeViolation(input: AcknowledgeViolationInput!): AcknowledgeViolationResult!',
      'Mutation.signMatrix(input: SignMatrixInput!): SignMatrixResult!',
      'Subscription.violations(after: Cursor, includeOpen: Boolean = false): ViolationStreamItem!',
      'Subscription.decisions(after: Cursor): DecisionStreamItem!',
    ]),
  );
});

test.each([
  ['Dataset', 'namespace name'],
  ['Decision', 'id'],
  ['Violation', 'id'],
  ['MatrixVersion', 'version'],
])('%s is an entity by %s', async (type, key) => {
  const { sdl } = await buildGovernanceSubgraph();
  expect(sdl).toMatch(new RegExp(`type ${type}\\b[^{]*@key\\(fields: "${key}"`));
});

test.each(['ViolationRaised', 'ViolationUpdated', 'SnapshotComplete', 'StreamHeartbeat', 'StreamGap'])(
  '%s is an item of the stream of violations',
  async (item) => {
    const { sdl } = await buildGovernanceSubgraph();
    expect(sdl).toMatch(new RegExp(`type ${item}\\b[^{]*implements[^{]*\\bViolationStreamItem\\b`));
  },
);
