import type { FastifyInstance } from 'fastify';
import { lintSchema } from '../../usecases/lint-schema.ts';
import type { RegistryDeps } from '../../usecases/registry-deps.ts';
import { schemaInputShape, toSchemaRequest } from '../schema-input.ts';
import { parseInput } from './parse-input.ts';
import { subjectOf } from './path-params.ts';

/** What the rules have against a schema (docs/lint-rules.md), at the severities of its subject. Stores nothing. */
export function addLintRoute(app: FastifyInstance, deps: RegistryDeps): void {
  app.post('/schemas/:subject/lint', async (request) => {
    const subject = subjectOf(request);
    const input = parseInput(schemaInputShape, request.body);
    const findings = await lintSchema(deps, toSchemaRequest(subject, input));
    return { subject, clean: findings.every(({ severity }) => severity !== 'error'), findings };
  });
}
