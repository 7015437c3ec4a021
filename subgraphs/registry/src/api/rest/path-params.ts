import { parseBody } from '@spine/platform/http/parse-body';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { parseSubjectName } from '../../domain/subject-name.ts';

const subjectParams = z.object({ subject: z.string() });
const versionParams = subjectParams.extend({ version: z.string() });

/** The subject that a path names, decoded. Throws SCHEMA_INVALID for what no database text can hold. */
export function subjectOf(request: FastifyRequest): string {
  return storable(parseBody(subjectParams, request.params).subject);
}

/** The subject and the version that a path names: `latest`, a position or a semver. */
export function versionOf(request: FastifyRequest): { readonly subject: string; readonly version: string } {
  const { subject, version } = parseBody(versionParams, request.params);
  return { subject: storable(subject), version };
}

function storable(subject: string): string {
  return subject.includes('\0') ? parseSubjectName(subject) : subject;
}

/** `true` or `false` in a query. */
export const flag = z.enum(['true', 'false']).transform((word) => word === 'true');
