import type { CheckedFile } from './finding.ts';

/** Findings as workflow commands of GitHub Actions: each shows beside its line in the pull request. Notes are left out. */
export function githubAnnotations(checks: readonly CheckedFile[]): readonly string[] {
  return checks.flatMap(({ file, findings }) =>
    findings
      .filter(({ severity }) => severity !== 'note')
      .map(({ severity, rule, message, here, place, next }) => {
        const { line, column, endLine, endColumn } = here ?? place;
        const where = {
          file: file.file,
          line,
          col: column,
          endLine,
          ...(endLine === line && { endColumn: endColumn - 1 }),
          title: rule,
        };
        const properties = Object.entries(where).map(
          ([key, value]) => `${key}=${escapeProperty(String(value))}`,
        );
        const text = next === undefined ? message : `${message}\nNext: ${next}`;
        return `::${severity} ${properties.join(',')}::${escapeData(text)}`;
      }),
  );
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
