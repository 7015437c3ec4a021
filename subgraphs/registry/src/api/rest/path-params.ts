import { parseBody } from '@spine/platform/http/parse-body';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

const subjectParams = z.object({ subject: z.string() });
const versionParams = subjectParams.extend({ version: z.string() });

/** The subject that a path names, decoded. */
export function subjectOf(request: FastifyRequest): string {
  return parseBody(subjectParams, request.params).subject;
}

/** The subject and the version that a path names: `latest`, a position or a semver. */
export function versionOf(request: FastifyRequest): { readonly subject: string; readonly version: string } {
  return parseBody(versionParams, request.params);
}

/** `true` or `false` in a query. */
export const flag = z.enum(['true', 'false']).transform((word) => word === 'true');
