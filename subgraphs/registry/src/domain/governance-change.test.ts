import { expect, test } from 'vitest';
import { type Governance, governanceBump } from './governance-change.ts';

const tagged = (tags: Governance['tags'], dataClass?: Governance['dataClass']): Governance => ({
  tags,
  dataClass,
});
const pii = tagged({ email: ['pii'] });

test.each([
  ['nothing', pii, pii, undefined],
  ['a tag added', tagged({}), pii, 'MINOR'],
  ['a second tag added', pii, tagged({ email: ['gdpr', 'pii'] }), 'MINOR'],
  ['a personal-data tag dropped', pii, tagged({}), 'MAJOR'],
  ['a kind of personal data dropped', tagged({ email: ['pii:email'] }), tagged({ email: ['x'] }), 'MAJOR'],
  ['another tag dropped', tagged({ email: ['gdpr'] }), tagged({}), 'PATCH'],
  ['a tag that only begins like one dropped', tagged({ email: ['pilot'] }), tagged({}), 'PATCH'],
  ['the tags of a field that went', tagged({ phone: ['pii'] }), tagged({}), undefined],
  ['a class given', tagged({}), tagged({}, 'internal'), 'MINOR'],
  ['a stricter class', tagged({}, 'internal'), tagged({}, 'confidential'), 'MINOR'],
  ['a milder class', tagged({}, 'confidential'), tagged({}, 'internal'), 'MAJOR'],
  ['a class taken away', tagged({}, 'public'), tagged({}), 'MAJOR'],
  ['a retention given', {}, { retention: 'P90D' }, 'MINOR'],
  ['a longer retention', { retention: 'P90D' }, { retention: 'P1Y' }, 'MAJOR'],
  ['a shorter retention', { retention: 'P90D' }, { retention: 'P30D' }, 'MINOR'],
  ['a retention in other words', { retention: 'P1Y' }, { retention: 'P12M' }, undefined],
  ['a retention taken away', { retention: 'P90D' }, {}, 'MAJOR'],
  [
    'a tag added to a field named like an object member',
    tagged({}),
    tagged({ constructor: ['pii'] }),
    'MINOR',
  ],
] as const)('%s', (_what, before, after, bump) => {
  expect(governanceBump({ tags: {}, ...before }, { tags: {}, ...after }, (path) => path !== 'phone')).toBe(
    bump,
  );
});
