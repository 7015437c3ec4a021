import { sha256Hex } from '@spine/kernel/canonical-json';
import type { CheckedFile, Finding } from './finding.ts';
import type { Place } from './place.ts';

const documents = 'https://github.com/data-spine/data-spine/blob/main/docs';

/** Checks as a SARIF 2.1.0 log: what code scanning of GitHub, GitLab and others reads. Notes are left out. */
export function sarifLog(checks: readonly CheckedFile[], command: string): object {
  const found = checks.flatMap((check) =>
    check.findings
      .filter(({ severity }) => severity !== 'note')
      .map((finding) => ({ finding, file: check.file.file })),
  );
  const rules = [...new Set(found.map(({ finding }) => finding.rule))].toSorted();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'spine',
            informationUri: 'https://github.com/data-spine/data-spine',
            rules: rules.map((id) => ({
              id,
              name: pascalCase(id),
              shortDescription: { text: id.replaceAll(/[_-]/g, ' ').toLowerCase() },
              helpUri: helpUri(id),
            })),
          },
        },
        automationDetails: { id: `${command}/` },
        columnKind: 'utf16CodeUnits',
        results: found.map(({ finding, file }) => result(finding, file, rules.indexOf(finding.rule))),
      },
    ],
  };
}

function result(finding: Finding, file: string, ruleIndex: number): object {
  const {
    rule,
    severity,
    message,
    path,
    direction,
    against = [],
    source,
    place,
    here,
    witness,
    next,
  } = finding;
  // An alert belongs to the file that was changed; where the old one is the reader, it is told beside.
  const isElsewhere = here !== undefined;
  const text = [
    direction === undefined ? message : `${direction} against ${against.join(', ')}: ${message}`,
    ...(witness === undefined
      ? []
      : [`For example: ${JSON.stringify(witness.datum)?.slice(0, 300)}: ${witness.why}`]),
    ...(next === undefined ? [] : [`Next: ${next}`]),
  ].join('\n');
  return {
    ruleId: rule,
    ruleIndex,
    level: severity === 'error' ? 'error' : 'warning',
    message: { text },
    locations: [location(file, here ?? place, path)],
    ...(isElsewhere && {
      relatedLocations: [
        { id: 1, message: { text: 'the old schema' }, ...location(source.file, place, path) },
      ],
    }),
    // The same breach stays the same alert when lines move.
    partialFingerprints: {
      'spineFinding/v1': sha256Hex([rule, file, path, direction ?? '', message].join('\n')),
    },
  };
}

function location(file: string, place: Place, path: string): object {
  const { line, column, endLine, endColumn } = place;
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(file), uriBaseId: '%SRCROOT%' },
      region: { startLine: line, startColumn: column, endLine, endColumn },
    },
    ...(path !== '' && { logicalLocations: [{ fullyQualifiedName: path, kind: 'member' }] }),
  };
}

/** A relative path as a URI reference; a name with a colon is no scheme. */
function uriOf(file: string): string {
  return file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
}

function helpUri(rule: string): string {
  return /^[A-Z_]+$/.test(rule) ? `${documents}/exit-codes.md` : `${documents}/lint-rules.md`;
}

function pascalCase(id: string): string {
  return id
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
