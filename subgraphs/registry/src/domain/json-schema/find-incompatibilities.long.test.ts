import { expect, test } from 'vitest';
import {
  generatedDrafts,
  schemaReadsItself,
  strictIsSound,
  validatorAgreesWithAjv,
  witnessesHold,
} from './testing/json-schema-properties.ts';

const timeout = 600_000;

test.each(generatedDrafts)('over many schemas the validator of %s agrees with ajv', { timeout }, (draft) => {
  validatorAgreesWithAjv(draft, 3_000);
});

test.each(generatedDrafts)('over many pairs strict %s is sound', { timeout }, (draft) => {
  expect(strictIsSound(draft, 5_000)).toBeGreaterThan(200);
});

test.each(generatedDrafts)('over many pairs the witnesses of %s hold', { timeout }, (draft) => {
  expect(witnessesHold(draft, 3_000)).toBeGreaterThan(500);
});

test.each(generatedDrafts)('many schemas of %s read what they write themselves', { timeout }, (draft) => {
  schemaReadsItself(draft, 2_000);
});
