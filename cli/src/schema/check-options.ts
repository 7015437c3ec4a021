import {
  type OfflineLevel,
  type OfflinePolicy,
  type OfflineProfile,
  offlineLevels,
  offlinePolicies,
  offlineProfiles,
} from '@spine/registry/offline';
import type { FoundSchema } from './find-schemas.ts';
import { type GivenReference, parseReference } from './parse-reference.ts';
import { parseWord } from './parse-word.ts';
import { parseTypeWord } from './schema-file.ts';

/** What people may say about the schemas that a command works on; it goes before what the mapping says. */
export interface CheckOptions {
  readonly subject?: string;
  readonly type?: string;
  readonly level?: string;
  readonly profile?: string;
  readonly policy?: string;
  readonly references?: readonly string[];
  readonly mapping?: string;
}

/** The options, read. */
export interface CheckTerms {
  readonly level: OfflineLevel | undefined;
  readonly profile: OfflineProfile | undefined;
  readonly policy: OfflinePolicy | undefined;
  readonly references: readonly GivenReference[];
}

/** Reads what options say. Throws INPUT_INVALID. */
export function parseCheckOptions({ level, profile, policy, references = [] }: CheckOptions): CheckTerms {
  return {
    level: level === undefined ? undefined : parseWord('--level', level, offlineLevels),
    profile: profile === undefined ? undefined : parseWord('--profile', profile, offlineProfiles),
    policy: policy === undefined ? undefined : parseWord('--policy', policy, offlinePolicies),
    references: references.map(parseReference),
  };
}

/** A schema with what the options say of it. */
export function withOptions(schema: FoundSchema, options: CheckOptions): FoundSchema {
  const { level, profile } = parseCheckOptions(options);
  return {
    ...schema,
    ...(options.subject !== undefined && { subject: options.subject }),
    ...(options.type !== undefined && { type: parseTypeWord(options.type) }),
    ...(level !== undefined && { level }),
    ...(profile !== undefined && { profile }),
  };
}
