import { Problem } from '@spine/kernel/problem';
import { z } from 'zod';
import { createSpineClient } from '../../client/spine-client.ts';
import { processEnv } from '../../config.ts';
import { terminal } from '../../terminal.ts';
import { findIncidents } from './find-incidents.ts';
import { operate } from './operate.ts';

export interface AcceptOptions {
  readonly reason?: string;
  readonly wait?: boolean;
  readonly json?: boolean;
}

const publishedShape = z.object({ subject: z.string(), semver: z.string(), bump: z.string() });

/**
 * `spine cdc accept`: takes the second way out of an incident: publishes the new shape under the version that admits to the break,
 * as whoever runs this, and has the table copied in full again.
 */
export async function accept(route: string, table: string, options: AcceptOptions): Promise<number> {
  const client = createSpineClient(processEnv);
  const open = await findIncidents(client, route);
  const incident = open.find((each) => `${each.schema}.${each.table}` === table);
  if (incident === undefined) {
    throw new Problem('INPUT_INVALID', `${table} of route ${route} has no open incident`, {
      fix: 'Run `spine cdc incidents` to see which tables have.',
    });
  }
  const { subject, proposedSchema: schema, requiredVersion } = incident;
  const published = publishedShape.parse(
    await client.post('registry', `/schemas/${encodeURIComponent(subject)}`, {
      schema,
      schemaType: 'AVRO',
      ...(requiredVersion !== null && { version: requiredVersion }),
    }),
  );
  if (!options.json) {
    const { colour } = terminal;
    terminal.line(`${colour.green('✓')} ${colour.bold(published.subject)} ${published.semver} is published`);
  }
  return await operate('resnapshotTables', route, {
    ...options,
    reason: options.reason ?? `the break of ${subject} was accepted as ${published.semver}`,
    tables: [table],
  });
}
