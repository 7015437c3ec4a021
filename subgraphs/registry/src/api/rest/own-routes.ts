import type { FastifyInstance } from 'fastify';
import type { ReadyAnswers } from '../../read/ready-answers.ts';
import type { RegistryDeps } from '../../usecases/registry-deps.ts';
import { addChangelogRoutes } from './changelog-routes.ts';
import { addContractRoute } from './contract-route.ts';
import { addLifecycleRoutes } from './lifecycle-routes.ts';
import { addLintRoute } from './lint-route.ts';
import { addSchemaRoutes } from './schema-routes.ts';
import { addSettingsRoutes } from './settings-routes.ts';
import { addUsageRoutes } from './usage-routes.ts';

/** The REST API of our own, all that schema/openapi/registry.yaml describes. */
export function addOwnRoutes(app: FastifyInstance, deps: RegistryDeps, ready: ReadyAnswers): void {
  addSchemaRoutes(app, deps, ready);
  addLintRoute(app, deps);
  addSettingsRoutes(app, deps);
  addUsageRoutes(app, deps);
  addLifecycleRoutes(app, deps);
  addChangelogRoutes(app, deps);
  addContractRoute(app, deps);
}
