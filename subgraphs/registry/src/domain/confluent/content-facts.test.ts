import { expect, test } from 'vitest';
import { settleFacts, withoutVersion, withVersion } from './content-facts.ts';

const none = { metadata: undefined, ruleSet: undefined };
const properties = (of: Record<string, string>) => ({ properties: of });

test('a schema that says nothing where nothing was said stays silent', () => {
  expect(settleFacts(none, undefined, {})).toEqual(none);
});

test('metadata is inherited as a whole, without the position of the version that had it', () => {
  const previous = { ...none, metadata: withVersion(properties({ a: '1' }), 4) };
  expect(settleFacts(none, previous, {}).metadata).toEqual(properties({ a: '1' }));
  expect(settleFacts({ ...none, metadata: properties({ b: '2' }) }, previous, {}).metadata).toEqual(
    properties({ b: '2' }),
  );
});

test('the config gives what is missing, and has the last word', () => {
  const config = {
    defaultMetadata: properties({ a: 'd', b: 'd' }),
    overrideMetadata: properties({ c: 'o' }),
  };
  const own = { ...none, metadata: properties({ b: 'own', c: 'own' }) };
  expect(settleFacts(own, undefined, config).metadata).toEqual(properties({ a: 'd', b: 'own', c: 'o' }));
});

test('tags of one path add up', () => {
  const config = { defaultMetadata: { tags: { 'a.b': ['PII'] } } };
  const own = { ...none, metadata: { tags: { 'a.b': ['PHONE', 'PII'] } } };
  expect(settleFacts(own, undefined, config).metadata).toEqual({ tags: { 'a.b': ['PII', 'PHONE'] } });
});

test('a rule takes the place of one with its name', () => {
  const rule = (name: string, expr: string) => ({ name, expr });
  const config = {
    defaultRuleSet: { domainRules: [rule('a', 'default'), rule('b', 'default')] },
    overrideRuleSet: { migrationRules: [rule('m', 'override')] },
  };
  const own = { ...none, ruleSet: { domainRules: [rule('a', 'own')] } };
  expect(settleFacts(own, undefined, config).ruleSet).toEqual({
    domainRules: [rule('b', 'default'), rule('a', 'own')],
    migrationRules: [rule('m', 'override')],
  });
});

test('metadata that holds nothing but a position is none without it', () => {
  expect(withoutVersion(withVersion(undefined, 3))).toBeUndefined();
});
