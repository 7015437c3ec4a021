import { expect, test } from 'vitest';
import { buildGovernanceSubgraph } from '../../sdl.ts';

test('the subgraph has every field that governance contributes to the graph', async () => {
  const { sdl } = await buildGovernanceSubgraph();
  for (const [type, key] of [
    ['Dataset', 'namespace name'],
    ['Decision', 'id'],
    ['Violation', 'id'],
    ['MatrixVersion', 'version'],
  ]) {
    expect(sdl).toMatch(new RegExp(`type ${type}[^{]*@key\\(fields: "${key}"\\)`));
  }
  for (const field of [
    'classification: DatasetClassification',
    'residency: DatasetResidency',
    'decisions(after: Cursor, first: Int): DecisionConnection!',
    'matrix(version: Int): MatrixVersion',
    'violationEvents(after: Cursor, first: Int): ViolationEventPage!',
    'violations(includeOpen: Boolean = false, after: Cursor): ViolationStreamItem!',
    'decisions(after: Cursor): DecisionStreamItem!',
    'acknowledgeViolation(input: AcknowledgeViolationInput!): AcknowledgeViolationResult!',
    'signMatrix(input: SignMatrixInput!): SignMatrixResult!',
    'dataset: Dataset',
  ]) {
    expect(sdl).toContain(field);
  }
  for (const item of [
    'ViolationRaised',
    'ViolationUpdated',
    'SnapshotComplete',
    'StreamHeartbeat',
    'StreamGap',
  ]) {
    expect(sdl).toMatch(new RegExp(`type ${item} implements[^{]*ViolationStreamItem`));
  }
});
