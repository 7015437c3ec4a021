import type { VersionState } from '../../domain/subject-version.ts';

/** What HTTP says of a version that should no longer be used: since when (RFC 9745) and until when (RFC 8594). */
export function deprecationHeaders({
  deprecation,
}: Pick<VersionState, 'deprecation'>): Readonly<Record<string, string>> {
  if (deprecation === null) return {};
  const { at, sunset } = deprecation;
  return {
    deprecation: `@${Math.floor(at.getTime() / 1_000)}`,
    ...(sunset !== null && { sunset: sunset.toUTCString() }),
  };
}
