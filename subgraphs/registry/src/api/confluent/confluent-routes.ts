import type { FastifyInstance } from 'fastify';
import { type ConfluentRelease, confluentManners } from '../../domain/confluent/confluent-release.ts';
import type { ReadyAnswers } from '../../read/ready-answers.ts';
import type { RegistryDeps } from '../../usecases/registry-deps.ts';
import { addAssociationRoutes } from './association-routes.ts';
import { addCompatibilityRoutes } from './compatibility-routes.ts';
import { addConfigRoutes } from './config-routes.ts';
import { addModeRoutes } from './mode-routes.ts';
import { openConfluentScope } from './open-confluent-scope.ts';
import { addSchemaRoutes } from './schema-routes.ts';
import { addServerRoutes } from './server-routes.ts';
import { addSubjectRoutes } from './subject-routes.ts';
import { tellDialects } from './tell-dialects.ts';

/**
 * The API of Confluent's Schema Registry, which Kafka clients, Connect, ksqlDB and their consoles speak; `release` says whose
 * manners it shows. Whoever is known may read, a publisher may register, a steward may do the rest.
 */
export function addConfluentRoutes(
  app: FastifyInstance,
  deps: RegistryDeps,
  { release, ready }: { readonly release: ConfluentRelease; readonly ready: ReadyAnswers },
): void {
  const manners = confluentManners(release);
  tellDialects(app);
  openConfluentScope(app, ready, (add) => {
    addServerRoutes(add, deps, manners);
    addSubjectRoutes(add, deps, manners, ready);
    addSchemaRoutes(add, deps, manners);
    addCompatibilityRoutes(add, deps);
    addConfigRoutes(add, deps);
    addModeRoutes(add, deps);
    addAssociationRoutes(add, deps, manners);
  });
}
