import { sha256Hex } from '@spine/kernel/canonical-json';
import { isProblemCode } from '../client/is-problem-code.ts';
import { type CheckedFile, type Finding, witnessText } from './finding.ts';
import type { Place } from './place.ts';

const documents = 'https://github.com/data-spine/data-spine/blob/main/docs';

/** Checks as a SARIF 2.1.0 log: what code scanning of GitHub, GitLab and others reads. Notes are left out. */
export function sarifLog(checks: readonly CheckedFile[], command: string): object {
  const found = checks.flatMap((check) =>
    check.findings
      .filter(({ severity }) => severity !== 'note')
      .map((finding) => ({ finding, file: check.file.file })),
  );
  const byRule = new Map(found.map(({ finding }) => [finding.rule, finding]));
  const rules = [...byRule.keys()].toSorted();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'spine',
            informationUri: 'https://github.com/data-spine/data-spine',
            rules: [...byRule]
              .toSorted(([a], [b]) => (a < b ? -1 : 1))
              .map(([id, finding]) => ({
                id,
                name: pascalCase(id),
                shortDescription: { text: id.replaceAll('_', ' ').toLowerCase() },
                helpUri: helpUri(finding),
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
  const { rule, severity, message, path, direction, against = [], source, place, here, next } = finding;
  // An alert belongs to the file that was changed; what is found in an old one is told beside.
  const isElsewhere = source.file !== file;
  const firstLine = { line: 1, column: 1, endLine: 1, endColumn: 1 };
  const witness = witnessText(finding);
  const text = [
    direction === undefined ? message : `${direction} against ${against.join(', ')}: ${message}`,
    ...(witness === undefined ? [] : [`For example: ${witness}`]),
    ...(next === undefined ? [] : [`Next: ${next}`]),
  ].join('\n');
  return {
    ruleId: rule,
    ruleIndex,
    level: severity === 'error' ? 'error' : 'warning',
    message: { text },
    locations: [location(file, isElsewhere ? (here ?? firstLine) : place, path)],
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

function helpUri({ rule, direction }: Finding): string {
  return direction !== undefined || isProblemCode(rule)
    ? `${documents}/exit-codes.md`
    : `${documents}/lint-rules.md`;
}

function pascalCase(id: string): string {
  return id
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
