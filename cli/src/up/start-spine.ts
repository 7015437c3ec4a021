import { parseCdcConfig } from '@spine/cdc/config';
import { createCdcService } from '@spine/cdc/service';
import { parseGatewayConfig } from '@spine/gateway/config';
import { createGatewayService } from '@spine/gateway/service';
import { parseGovernanceConfig } from '@spine/governance/config';
import { createGovernanceService } from '@spine/governance/service';
import { parseLineageConfig } from '@spine/lineage/config';
import { createLineageService } from '@spine/lineage/service';
import { createDisposeStack } from '@spine/platform/lifecycle/dispose-stack';
import type { Log } from '@spine/platform/log/create-log';
import type { Service } from '@spine/platform/service/service';
import { parseRegistryConfig } from '@spine/registry/config';
import { createRegistryService } from '@spine/registry/service';
import { removeRunFile, writeRunFile } from '../client/run-file.ts';
import { createSpineClientAt, type ServiceName, type SpineClient } from '../client/spine-client.ts';
import type { Env } from '../config.ts';
import { type KeptPostgres, keepPostgres } from './keep-postgres.ts';
import { homeSecret } from './secrets.ts';

export interface RunningSpine {
  readonly urls: Readonly<Record<ServiceName, string>>;
  readonly mode: 'dev' | 'tokens';
  /** Admin URL of the embedded Postgres, or null. */
  readonly postgresUrl: string | null;
  readonly client: SpineClient;
  /** Connection URL of a database of the embedded Postgres, made when it is not there. */
  embeddedDatabase(name: string): Promise<string>;
  close(): Promise<void>;
}

/**
 * Starts a whole installation in this process: the embedded Postgres (unless SPINE_DATABASE_URL names another), the four
 * services and the gateway that reaches them in process; CDC workers run as child processes. Closing drains all of it.
 */
export async function startSpine(options: {
  readonly home: string;
  readonly env: Env;
  readonly log: Log;
  readonly onStep?: (step: string) => void;
}): Promise<RunningSpine> {
  const { home, log } = options;
  const step = options.onStep ?? (() => undefined);
  const stack = createDisposeStack();
  try {
    const env: Record<string, string> = {
      SPINE_SERVICE_SECRET: homeSecret(home, 'service'),
      SPINE_OBLIGATION_KEY: homeSecret(home, 'obligation'),
      ...definedOf(options.env),
      SPINE_HOME: home,
    };
    let postgres: KeptPostgres | null = null;
    if (env['SPINE_DATABASE_URL'] === undefined) {
      step('starting the embedded Postgres');
      const started = await keepPostgres({ home, log });
      stack.defer(() => started.stop());
      await started.createDatabase('spine');
      env['SPINE_DATABASE_URL'] = started.urlFor('spine');
      env['SPINE_EMBEDDED_URL'] = started.url;
      postgres = started;
    }

    const start = async (name: ServiceName, service: Service): Promise<Service> => {
      stack.defer(() => service.close());
      await service.listen();
      env[`SPINE_${name.toUpperCase()}_URL`] = service.address();
      return service;
    };
    step('starting the services');
    // First: the registry asks it what the inventory demands, and is told where it is by the environment.
    const governance = await start('governance', await createGovernanceService(parseGovernanceConfig(env)));
    const [registry, lineage] = await Promise.all([
      createRegistryService(parseRegistryConfig(env)).then((service) => start('registry', service)),
      createLineageService(parseLineageConfig(env)).then((service) => start('lineage', service)),
    ]);
    const cdc = await start('cdc', await createCdcService(parseCdcConfig(env)));
    step('starting the gateway');
    const gateway = await start(
      'gateway',
      await createGatewayService(parseGatewayConfig(env), { registry, lineage, cdc, governance }),
    );

    const urls = {
      gateway: gateway.address(),
      registry: registry.address(),
      lineage: lineage.address(),
      cdc: cdc.address(),
      governance: governance.address(),
    };
    const proven = [env['SPINE_TOKENS_FILE'], env['SPINE_OIDC_ISSUER']].some(
      (value) => value !== undefined && value !== '',
    );
    const mode = proven ? 'tokens' : 'dev';
    writeRunFile(home, {
      pid: process.pid,
      startedAt: new Date().toISOString(),
      mode,
      urls,
      ...(postgres !== null && { postgres: postgres.url }),
    });
    stack.defer(async () => removeRunFile(home));
    return {
      urls,
      mode,
      postgresUrl: postgres?.url ?? null,
      client: createSpineClientAt(urls, env),
      async embeddedDatabase(name) {
        if (postgres === null) throw new Error('no embedded Postgres runs here');
        await postgres.createDatabase(name);
        return postgres.urlFor(name);
      },
      close: () => stack.close(),
    };
  } catch (error) {
    await stack.close().catch((closing: unknown) => log.warn({ event: 'start.not_undone', err: closing }));
    throw error;
  }
}

function definedOf(env: Env): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
