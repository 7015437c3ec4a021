import { expect, test } from 'vitest';
import {
  generatedDrafts,
  schemaReadsItself,
  strictIsSound,
  validatorAgreesWithAjv,
  witnessesHold,
} from './testing/json-schema-properties.ts';

test.each(generatedDrafts)('the validator of %s agrees with ajv on every value', (draft) => {
  validatorAgreesWithAjv(draft, 40);
});

test.each(generatedDrafts)(
  'strict %s: compatible means that what fits the writer fits the reader',
  (draft) => {
    expect(strictIsSound(draft, 60)).toBeGreaterThan(0);
  },
);

test.each(generatedDrafts)('%s: a witness fits the writer and not the reader, for ajv as well', (draft) => {
  expect(witnessesHold(draft, 30)).toBeGreaterThan(0);
});

test.each(generatedDrafts)('%s: a schema reads what it writes itself, in both profiles', (draft) => {
  schemaReadsItself(draft, 30);
});
