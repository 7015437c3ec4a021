import type { ServiceName } from '../client/spine-client.ts';
import type { Env } from '../config.ts';

const defaults: Readonly<Record<ServiceName, number>> = {
  gateway: 4000,
  registry: 4001,
  lineage: 4002,
  cdc: 4003,
  governance: 4004,
};

/** The five ports of an installation and the variables that change them. */
export function portsOf(env: Env): readonly { service: ServiceName; variable: string; port: number }[] {
  return (['gateway', 'registry', 'lineage', 'cdc', 'governance'] as const).map((service) => {
    const variable = `SPINE_${service.toUpperCase()}_PORT`;
    return { service, variable, port: Number(env[variable] ?? defaults[service]) };
  });
}
