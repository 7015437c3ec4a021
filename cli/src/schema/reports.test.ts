import { expect, test } from 'vitest';
import { checkDocument } from './check-document.ts';
import { avroFile, brokenCheck } from './checked-file-builder.ts';
import { compareFiles, findFaults } from './compare-files.ts';
import { githubAnnotations } from './github-annotations.ts';
import { junitReport } from './junit.ts';
import { sarifLog } from './sarif.ts';

const id = { name: 'id', type: 'long' };

test('a document of a check holds the verdict, the bump and each breach with its place', () => {
  expect(checkDocument([brokenCheck()])).toMatchObject({
    compatible: false,
    level: 'FULL',
    profile: 'confluent',
    bump: 'MAJOR',
    results: [
      {
        file: 'new/order & co.avsc',
        incompatibilities: [
          {
            kind: 'READER_FIELD_MISSING_DEFAULT_VALUE',
            direction: 'BACKWARD',
            path: '/fields/1',
            file: 'new/order & co.avsc',
            line: 9,
            against: ['old/order & co.avsc'],
          },
          // The old schema is the reader, so that is where the place is.
          { kind: 'TYPE_MISMATCH', direction: 'FORWARD', file: 'old/order & co.avsc', line: 11 },
        ],
        advice: [],
      },
    ],
  });
});

test('what the level does not ask about decides nothing, and is still told', () => {
  const old = avroFile('old.avsc', [id, { name: 'total', type: 'int' }]);
  const file = avroFile('new.avsc', [id, { name: 'total', type: 'long' }]);
  const check = compareFiles(file, [old], { level: 'BACKWARD', profile: 'confluent' });
  expect(check).toMatchObject({ passed: true, exitCode: 0, bump: 'MINOR' });
  expect(checkDocument([check])).toMatchObject({
    passed: true,
    compatible: true,
    results: [{ incompatibilities: [], advice: [{ kind: 'TYPE_MISMATCH', direction: 'FORWARD' }] }],
  });
});

test('a level that is not transitive is decided by the newest old schema alone', () => {
  const oldest = avroFile('v1.avsc', [id, { name: 'gone', type: 'string' }]);
  const newest = avroFile('v2.avsc', [id, { name: 'gone', type: 'string', default: '' }]);
  const file = avroFile('v3.avsc', [id]);
  const check = (level: 'FORWARD' | 'FORWARD_TRANSITIVE') =>
    compareFiles(file, [newest, oldest], { level, profile: 'confluent' });
  expect(check('FORWARD')).toMatchObject({ passed: true });
  expect(check('FORWARD_TRANSITIVE')).toMatchObject({ passed: false, exitCode: 11 });
  expect(check('FORWARD_TRANSITIVE').findings[0]?.against).toEqual(['v1.avsc']);
});

test('another format is a breach like others, and the old schemas of a breach come newest first', () => {
  const file = avroFile('new.avsc', [id]);
  const proto = { file: 'old.proto', type: 'PROTOBUF', text: 'syntax = "proto3"; message Order {}' } as const;
  const check = compareFiles(file, [proto], { level: 'BACKWARD', profile: 'confluent' });
  expect(check).toMatchObject({ exitCode: 11, findings: [{ rule: 'SCHEMA_TYPE_CHANGED' }, {}] });
  expect(junitReport([check], 'x')).toContain('failures="1" errors="0"');
  const old = Array.from({ length: 12 }, (_, index) => avroFile(`v${12 - index}.avsc`, [id]));
  const broken = avroFile('new.avsc', [id, { name: 'note', type: 'string' }]);
  const [breach] = compareFiles(broken, old, { level: 'BACKWARD', profile: 'confluent' }).findings;
  expect(breach?.against).toEqual(old.map((each) => each.file));
});

test.each([
  ['1.2.0', 12, '2.0.0'],
  ['2.0.0', 0, '2.0.0'],
  [undefined, 11, '2.0.0'],
])('after 1.1.0 a breach under version %s ends with %d and %s (R17)', (version, exitCode, semver) => {
  const old = avroFile('old.avsc', [id, { name: 'total', type: 'int' }]);
  const file = avroFile('new.avsc', [id, { name: 'total', type: 'string' }]);
  const terms = { level: 'BACKWARD', profile: 'confluent', since: '1.1.0', version } as const;
  const check = compareFiles(file, [old], terms);
  expect(check).toMatchObject({ exitCode, semver, compatible: false, bump: 'MAJOR' });
  expect(check.findings.some(({ rule }) => rule === 'VERSION_UNDERSTATED')).toBe(exitCode === 12);
});

test('a compatible change is numbered, and one of nothing keeps its number', () => {
  const old = avroFile('old.avsc', [id]);
  const wider = avroFile('new.avsc', [id, { name: 'note', type: 'string', default: '' }]);
  const terms = { level: 'FULL', profile: 'confluent', since: '1.1.0' } as const;
  expect(compareFiles(wider, [old], terms)).toMatchObject({ exitCode: 0, semver: '1.2.0' });
  expect(compareFiles(wider, [old], { ...terms, version: '1.1.1' })).toMatchObject({ exitCode: 12 });
  expect(compareFiles(old, [old], { ...terms, version: '1.1.0' })).toMatchObject({ exitCode: 0, bump: null });
});

test('a file that is no schema ends with 2, and says where', () => {
  const bad = { file: 'bad.avsc', type: 'AVRO', text: '{\n"type": "recrd" }' } as const;
  const check = compareFiles(avroFile('new.avsc', [id]), [bad], { level: 'FULL', profile: 'confluent' });
  expect(check).toMatchObject({ passed: false, exitCode: 2 });
  // No verdict: nothing was compared.
  expect(checkDocument([check])).toMatchObject({ passed: false, compatible: null });
  expect(check.findings).toMatchObject([{ rule: 'SCHEMA_INVALID', source: bad, place: { line: 2 } }]);
});

test('SARIF places each result in the file that was checked, and the old schema beside it', () => {
  const log = sarifLog([brokenCheck()], 'spine schema validate');
  expect(log).toMatchObject({
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'spine' } },
        results: [
          {
            ruleId: 'READER_FIELD_MISSING_DEFAULT_VALUE',
            level: 'error',
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'new/order%20%26%20co.avsc' },
                  region: { startLine: 9, startColumn: 5 },
                },
              },
            ],
          },
          {
            ruleId: 'TYPE_MISMATCH',
            // The field is third in the new schema, and second in the old one.
            locations: [{ physicalLocation: { region: { startLine: 15 } } }],
            relatedLocations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'old/order%20%26%20co.avsc' },
                  region: { startLine: 11 },
                },
              },
            ],
          },
        ],
      },
    ],
  });
});

test('SARIF holds to what its specification demands of rules, results and fingerprints', () => {
  const log = JSON.parse(JSON.stringify(sarifLog([brokenCheck()], 'spine schema validate')));
  const [run] = log.runs;
  for (const { id: rule, helpUri } of run.tool.driver.rules) {
    expect(rule).toMatch(/^[A-Z_]+$/);
    expect(new URL(helpUri).protocol).toBe('https:');
  }
  for (const result of run.results) {
    expect(run.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
    expect(['error', 'warning', 'note', 'none']).toContain(result.level);
    expect(result.message.text).not.toBe('');
    for (const fingerprint of Object.values(result.partialFingerprints))
      expect(fingerprint).toMatch(/^\w{64}$/);
    const { startLine, startColumn, endLine, endColumn } = result.locations[0].physicalLocation.region;
    expect(startLine).toBeGreaterThan(0);
    expect(startColumn).toBeGreaterThan(0);
    expect(endLine > startLine || endColumn > startColumn).toBe(true);
  }
});

test('an alert of SARIF stays the same when lines are added above it', () => {
  const fingerprints = (log: object): unknown =>
    JSON.parse(JSON.stringify(log)).runs[0].results.map(
      (result: { partialFingerprints: unknown }) => result.partialFingerprints,
    );
  const check = brokenCheck();
  const moved = {
    ...check,
    findings: check.findings.map((finding) => ({
      ...finding,
      place: { ...finding.place, line: finding.place.line + 3 },
    })),
  };
  expect(fingerprints(sarifLog([moved], 'x'))).toEqual(fingerprints(sarifLog([check], 'x')));
});

test('JUnit has a failing case for each breach, an error for what is no schema, and counts them', () => {
  const bad = { file: 'bad.avsc', type: 'AVRO', text: '{' } as const;
  const invalid = {
    file: bad,
    against: [],
    passed: false,
    exitCode: 2,
    findings: findFaults(bad),
    affected: [],
  };
  const good = compareFiles(avroFile('good.avsc', [id]), [avroFile('was.avsc', [id])], {
    level: 'FULL',
    profile: 'confluent',
  });
  const xml = junitReport([brokenCheck(), invalid, good], 'spine schema validate');
  expect(xml).toContain('<testsuites name="spine schema validate" tests="4" failures="2" errors="1">');
  expect(xml).toContain(
    '<testsuite name="new/order &amp; co.avsc" tests="2" failures="2" errors="0" time="0">',
  );
  expect(xml.match(/<failure /g)).toHaveLength(2);
  expect(xml).toContain('name="good.avsc keeps FULL against was.avsc"');
  // Every tag that is opened is closed, in order: an XML parser of a CI system is not lenient.
  const open: string[] = [];
  for (const [, slash, name, self] of xml.matchAll(/<(\/?)([a-z]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (slash === '/') expect(open.pop()).toBe(name);
    else if (self === '') open.push(name ?? '');
  }
  expect(open).toEqual([]);
});

test('JUnit replaces what XML may not hold', () => {
  const file = avroFile('a<b>"\u0001.avsc', [id]);
  const check = compareFiles(file, [], { level: 'FULL', profile: 'confluent' });
  const xml = junitReport([check], 'x');
  expect(xml).toContain('name="a&lt;b&gt;&quot;\uFFFD.avsc"');
});

test('annotations of GitHub stand at the place in the new file, with what they say escaped', () => {
  const [first = '', second = ''] = githubAnnotations([brokenCheck()]);
  expect(first).toMatch(/^::error file=new\/order & co\.avsc,line=9,col=5,endLine=12,title=READER/);
  expect(first).toContain('%0ANext: ');
  expect(second).toContain('line=15');
});
