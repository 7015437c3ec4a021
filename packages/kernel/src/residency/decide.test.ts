import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dataClasses } from '../data-class.ts';
import { compilePolicy } from './compile-policy.ts';
import { decide } from './decide.ts';
import type { DecisionRequest } from './decision.ts';
import type { PolicyDocument, PolicyException, Rule } from './policy-document.ts';

const at = new Date('2026-11-24T12:00:00.000Z');

const places = {
  sources: [
    {
      name: 'shop',
      region: 'eu-central-1',
      namespace: 'postgres://shop:5432',
      database: 'shop',
      owner: 'data',
    },
  ],
  sinks: [sink('warehouse', 'eu-central-1', 'analytics'), sink('us-lake', 'us-east-1', 'marketing')],
};

function sink(name: string, region: string, purpose: string) {
  return {
    name,
    type: 'postgres',
    region,
    namespace: `postgres://${name}:5432`,
    database: name,
    owner: 'growth',
    purpose,
    retention: 'P30D',
    iam: 'writer',
  };
}

const euAnalytics: Rule = {
  id: 'eu-analytics',
  effect: 'allow',
  match: { class: ['public', 'internal', 'confidential'], from: ['EU'], to: ['EU'], purpose: ['analytics'] },
  rationale: 'stays in the EU',
};
const usMasked: Rule = {
  id: 'us-masked',
  effect: 'allow',
  match: { class: ['public', 'internal', 'confidential'], from: ['EU'], to: ['US'], purpose: ['marketing'] },
  obligations: [{ type: 'hash', fields: ['pii'] }],
  rationale: 'no personal data leaves',
};

function matrix(rules: readonly Rule[], rest: Partial<PolicyDocument> = {}): PolicyDocument {
  return {
    ...places,
    regions: [],
    classification: [
      { dataset: 'shop.public.*', class: 'internal' },
      {
        dataset: 'shop.public.customers',
        class: 'confidential',
        fields: { email: ['pii'], full_name: ['pii'] },
      },
      { dataset: 'shop.secret.*', class: 'restricted' },
    ],
    residency: { rules, exceptions: [] },
    ...rest,
  };
}

const customers: DecisionRequest = {
  logicalName: 'shop.public.customers',
  fields: [{ name: 'id' }, { name: 'email' }, { name: 'full_name' }],
  source: 'shop',
  sink: 'us-lake',
  at,
};
const ask = (document: PolicyDocument, request: Partial<DecisionRequest> = {}) =>
  decide(compilePolicy(document), { ...customers, ...request });

describe('deny by default (R43)', () => {
  test('an empty policy denies, and says that no rule allows it', () => {
    expect(ask(matrix([]))).toEqual({
      verdict: 'deny',
      reason: 'no_rule: confidential from EU to US',
      ruleIds: ['default-deny'],
      obligations: [],
      dataClass: 'confidential',
      tags: ['pii'],
    });
  });

  test.each<[string, Partial<DecisionRequest>, Partial<PolicyDocument>]>([
    ['unknown_sink: rogue', { sink: 'rogue' }, {}],
    ['unknown_source: crm', { source: 'crm' }, {}],
    ['unknown_region: mars-1', {}, { sinks: [sink('us-lake', 'mars-1', 'marketing')] }],
    ['unknown_class: shop.audit.log', { logicalName: 'shop.audit.log' }, {}],
    ['unknown_tag: pci', { fields: [{ name: 'card', tags: ['pci'] }] }, {}],
  ])('%s', (reason, request, rest) => {
    expect(ask(matrix([euAnalytics, usMasked], rest), request)).toMatchObject({ verdict: 'deny', reason });
  });

  test('a class that no rule speaks of is denied', () => {
    expect(ask(matrix([usMasked]), { logicalName: 'shop.secret.keys' }).verdict).toBe('deny');
  });
});

describe('rules', () => {
  test('an allowance inside the EU carries no obligation', () => {
    expect(ask(matrix([euAnalytics, usMasked]), { sink: 'warehouse' })).toMatchObject({
      verdict: 'allow',
      reason: 'allowed_by_rule: eu-analytics',
      ruleIds: ['eu-analytics'],
      obligations: [],
      tags: ['pii'],
    });
  });

  test('tagged fields that leave are hashed', () => {
    expect(ask(matrix([usMasked]))).toMatchObject({
      verdict: 'allow_with_obligations',
      obligations: [{ type: 'hash', fields: ['email', 'full_name'] }],
    });
  });

  test('a table without tagged fields is allowed as it is', () => {
    const orders = { logicalName: 'shop.public.orders', fields: [{ name: 'id' }, { name: 'total' }] };
    expect(ask(matrix([usMasked]), orders).verdict).toBe('allow');
  });

  test('an explicit denial beats a more specific allowance', () => {
    const document = matrix([
      { ...usMasked, match: { dataset: ['shop.public.customers'], to: ['us-east-1'], sink: ['us-lake'] } },
      { id: 'no-us', effect: 'deny', match: { to: ['US'] }, rationale: 'nothing leaves' },
    ]);
    expect(ask(document)).toMatchObject({
      verdict: 'deny',
      reason: 'denied_by_rule: no-us',
      ruleIds: ['no-us'],
    });
  });

  test.each([
    ['a dataset', { dataset: ['shop.public.customers'] }],
    ['a sink', { ...usMasked.match, sink: ['us-lake'] }],
    ['a region', { ...usMasked.match, to: ['us-east-1'] }],
    ['a source country', { ...usMasked.match, from: ['DE'] }],
  ])('the more specific allowance decides: %s', (_what, match) => {
    const narrow: Rule = { id: 'narrow', effect: 'allow', match, rationale: 'as agreed' };
    expect(ask(matrix([usMasked, narrow])).ruleIds).toEqual(['narrow']);
  });

  test('among equally specific allowances priority decides', () => {
    expect(
      ask(matrix([usMasked, { ...usMasked, id: 'first', priority: 5, obligations: [] }])).ruleIds,
    ).toEqual(['first']);
  });

  test('equals are joined and the strictest obligation on a field wins', () => {
    const document = matrix([
      usMasked,
      {
        ...usMasked,
        id: 'b',
        obligations: [
          { type: 'drop', fields: ['email'] },
          { type: 'mask', fields: ['pii'] },
        ],
      },
    ]);
    expect(ask(document)).toMatchObject({
      ruleIds: ['b', 'us-masked'],
      obligations: [
        { type: 'drop', fields: ['email'] },
        { type: 'hash', fields: ['full_name'] },
      ],
    });
  });

  test('a token tells less than one that keeps the format, and both less than a hash', () => {
    const tokens = (...obligations: Rule['obligations'] & object) =>
      ask(matrix([{ ...usMasked, obligations }])).obligations;
    const hash = { type: 'hash', fields: ['pii'] } as const;
    const inFormat = { type: 'tokenise', fields: ['pii'], keep: 'format' } as const;
    const token = { type: 'tokenise', fields: ['email'] } as const;
    expect(tokens(hash, inFormat, token)).toEqual([token, { ...inFormat, fields: ['full_name'] }]);
    expect(tokens(hash, inFormat)).toEqual([{ ...inFormat, fields: ['email', 'full_name'] }]);
  });

  test('of several lengths the shortest holds, and a mask beats them all', () => {
    const long = { type: 'truncate', fields: ['pii'], to: 10 } as const;
    const short = { type: 'truncate', fields: ['email'], to: 2 } as const;
    const ofRule = (...obligations: Rule['obligations'] & object) =>
      ask(matrix([{ ...usMasked, obligations }])).obligations;
    expect(ofRule(long, short)).toEqual([short, { ...long, fields: ['full_name'] }]);
    expect(ofRule(long, short, { type: 'mask', fields: ['pii'] })).toEqual([
      { type: 'mask', fields: ['email', 'full_name'] },
    ]);
  });

  test('from and to mean groups, countries or regions', () => {
    for (const [from, to] of [
      ['EU', 'US'],
      ['EEA', 'us-east-1'],
      ['DE', 'US'],
      ['eu-central-1', 'us-east-1'],
    ] as const) {
      expect(ask(matrix([{ ...usMasked, match: { from: [from], to: [to] } }])).verdict).not.toBe('deny');
    }
    expect(ask(matrix([{ ...usMasked, match: { from: ['FR'], to: ['US'] } }])).verdict).toBe('deny');
    expect(ask(matrix([{ ...usMasked, match: { to: [] } }])).verdict).toBe('deny');
  });
});

describe('the gate demands tags (R46)', () => {
  test('an obligation on a field that nobody knows is refused: it would protect nothing', () => {
    expect(ask(matrix([{ ...usMasked, obligations: [{ type: 'hash', fields: ['pi'] }] }]))).toMatchObject({
      verdict: 'deny',
      reason: 'unknown_obligation_field: pi',
      ruleIds: ['us-masked'],
    });
  });

  test('an untagged field whose name says personal data does not leave its jurisdiction', () => {
    const fields = [...customers.fields, { name: 'home_phone' }];
    expect(ask(matrix([usMasked]), { fields })).toMatchObject({
      verdict: 'deny',
      reason: 'untagged_personal_data: home_phone',
    });
    expect(ask(matrix([euAnalytics]), { fields, sink: 'warehouse' }).verdict).toBe('allow');
  });

  test('a field that the inventory lists without a tag was looked at', () => {
    const document = matrix([usMasked], {
      classification: [
        { dataset: 'shop.*.*', class: 'internal', fields: { support_email: [], email: ['pii'] } },
      ],
    });
    expect(ask(document, { fields: [{ name: 'support_email' }] }).verdict).toBe('allow');
  });

  test('tags of the request join those of the inventory', () => {
    const document = matrix([usMasked]);
    const fields = [
      { name: 'nickname', tags: ['pii'] },
      { name: 'email', tags: [] },
    ];
    expect(ask(document, { fields }).obligations).toEqual([{ type: 'hash', fields: ['email', 'nickname'] }]);
  });

  test('a tag on a path inside a column governs the column', () => {
    const document = matrix([usMasked], {
      classification: [{ dataset: 'shop.*.*', class: 'internal', fields: { 'address.city': ['pii'] } }],
    });
    expect(ask(document, { fields: [{ name: 'address' }] }).obligations).toEqual([
      { type: 'hash', fields: ['address'] },
    ]);
  });
});

describe('exceptions', () => {
  const noUs: Rule = { id: 'no-us', effect: 'deny', match: { to: ['US'] }, rationale: 'nothing leaves' };
  const exception: PolicyException = {
    id: 'audit-2026',
    match: { dataset: ['shop.public.customers'], to: ['US'] },
    lifts: ['no-us'],
    obligations: [{ type: 'drop', fields: ['pii'] }],
    reason: 'audit',
    notBefore: '2026-11-20T00:00:00.000Z',
    expiresAt: '2026-11-25T00:00:00.000Z',
    approvals: [
      { role: 'security', subject: 'kim', at: '2026-11-19T00:00:00.000Z' },
      { role: 'compliance', subject: 'lee', at: '2026-11-19T00:00:00.000Z' },
    ],
  };
  const document = (exceptions: readonly PolicyException[]) =>
    matrix([noUs, usMasked], { residency: { rules: [noUs, usMasked], exceptions } });

  test('one in force sets the denial it names aside', () => {
    expect(ask(document([exception]))).toMatchObject({
      verdict: 'allow_with_obligations',
      reason: 'allowed_by_exception: audit-2026',
      obligations: [{ type: 'drop', fields: ['email', 'full_name'] }],
    });
  });

  test('it begins and ends on time', () => {
    const verdictAt = (time: string) => ask(document([exception]), { at: new Date(time) }).verdict;
    expect(verdictAt('2026-11-19T23:59:59.999Z')).toBe('deny');
    expect(verdictAt('2026-11-20T00:00:00.000Z')).toBe('allow_with_obligations');
    expect(verdictAt('2026-11-24T23:59:59.999Z')).toBe('allow_with_obligations');
    expect(verdictAt('2026-11-25T00:00:00.000Z')).toBe('deny');
  });

  test('a denial that it does not name stays', () => {
    expect(ask(document([{ ...exception, lifts: [] }])).verdict).toBe('deny');
  });

  test.each<[string, Partial<PolicyException>]>([
    ['more than 30 days', { expiresAt: '2027-01-01T00:00:00.000Z' }],
    ['no end', { expiresAt: 'never' }],
    ['one signature', { approvals: exception.approvals.slice(0, 1) }],
    ['no signature of Security', { approvals: exception.approvals.slice(1) }],
  ])('one with %s is refused', (_what, change) => {
    expect(() => compilePolicy(document([{ ...exception, ...change }]))).toThrow(/exceptions\/0/);
  });
});

describe('properties', () => {
  const words = (...of: string[]) => fc.option(fc.subarray(of, { minLength: 1 }), { nil: undefined });
  const match = fc
    .record({
      dataset: words('shop.public.*', 'shop.public.customers', '*.*.orders', 'shop.pub*.*'),
      class: fc.option(fc.subarray([...dataClasses], { minLength: 1 }), { nil: undefined }),
      from: words('EU', 'DE', 'eu-central-1', 'US'),
      to: words('EU', 'EEA', 'US', 'us-east-1'),
      purpose: words('analytics', 'marketing'),
      sink: words('warehouse', 'us-lake'),
    })
    .map((given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
  const rule = (effect: fc.Arbitrary<'allow' | 'deny'>) =>
    fc.record({ effect, match, priority: fc.integer({ min: 0, max: 2 }), rationale: fc.constant('x') });
  const rulesOf = (effect: fc.Arbitrary<'allow' | 'deny'>) =>
    fc.array(rule(effect), { maxLength: 8 }).map((rules): Rule[] =>
      rules.map((each, index) => ({
        ...each,
        id: `r${index}`,
        ...(each.effect === 'allow' &&
          index % 2 === 0 && { obligations: [{ type: 'mask' as const, fields: ['pii'] }] }),
      })),
    );
  const anyRules = rulesOf(fc.constantFrom('allow', 'deny'));
  const request = fc.record({
    logicalName: fc.constantFrom('shop.public.customers', 'shop.public.orders', 'shop.secret.keys'),
    sink: fc.constantFrom('warehouse', 'us-lake'),
  });

  test('without an allow rule everything is denied', () => {
    fc.assert(
      fc.property(rulesOf(fc.constant('deny')), request, (rules, asked) => {
        expect(ask(matrix(rules), asked).verdict).toBe('deny');
      }),
    );
  });

  test('adding a denial never allows, and a denial that matches denies', () => {
    fc.assert(
      fc.property(anyRules, rule(fc.constant('deny')), request, (rules, added, asked) => {
        const before = ask(matrix(rules), asked);
        const after = ask(matrix([...rules, { ...added, id: 'added' }]), asked);
        if (before.verdict === 'deny') expect(after.verdict).toBe('deny');
        if (after.verdict !== 'deny') expect(after).toEqual(before);
      }),
    );
  });

  test('the order of rules and of the inventory does not matter', () => {
    fc.assert(
      fc.property(anyRules, request, fc.infiniteStream(fc.nat()), (rules, asked, order) => {
        const shuffled = <T>(items: readonly T[]): T[] =>
          items
            .map((item) => ({ item, key: order.next().value }))
            .sort((a, b) => a.key - b.key)
            .map(({ item }) => item);
        const document = matrix(rules);
        const other = { ...matrix(shuffled(rules)), classification: shuffled(document.classification) };
        expect(ask(other, asked)).toEqual(ask(document, asked));
      }),
    );
  });

  test('whatever the rules are, only an allow rule that stands in the matrix allows', () => {
    fc.assert(
      fc.property(anyRules, request, (rules, asked) => {
        const decided = ask(matrix(rules), asked);
        if (decided.verdict === 'deny') return;
        for (const id of decided.ruleIds) {
          expect(rules.find((each) => each.id === id)?.effect).toBe('allow');
        }
      }),
    );
  });
});

test('a decision among 2,000 rules stays in microseconds', () => {
  const rules = Array.from(
    { length: 2_000 },
    (_, index): Rule => ({
      ...usMasked,
      id: `r${index}`,
      match: { ...usMasked.match, dataset: [`shop.public.t${index}`] },
    }),
  );
  const policy = compilePolicy(matrix(rules));
  const fields = ['id', 'email', 'full_name', 'country', 'created_at'].map((name) => ({ name }));
  const requests = rules.map((_, index) => ({ ...customers, logicalName: `shop.public.t${index}`, fields }));
  for (const request of requests) decide(policy, request);
  const samples = requests.flatMap((request) => {
    const began = process.hrtime.bigint();
    decide(policy, request);
    return Number(process.hrtime.bigint() - began) / 1000;
  });
  const sorted = samples.toSorted((a, b) => a - b);
  // Generous: a slow or busy machine must not fail it, a scan of all rules must.
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(25);
});
