import pg from 'pg';
import type { StepReport } from '../domain/scan/finding.ts';
import { type QuarantineStep, stepText } from '../domain/scan/quarantine-steps.ts';
import { endClient } from '../source/connect-source.ts';
import { codeOf } from '../source/server-error.ts';

const connectMs = 5_000;
const actMs = 10_000;

/**
 * Cuts a finding off, step by step, with the rights of `adminUrl`. Each step tells how it went; one that fails does not keep
 * the next from being tried. `spared` are the roles by which we come ourselves.
 */
export async function actOnFinding(
  adminUrl: string,
  steps: readonly QuarantineStep[],
  spared: ReadonlySet<string>,
): Promise<readonly StepReport[]> {
  const client = new pg.Client({
    connectionString: adminUrl,
    application_name: 'spine quarantine',
    connectionTimeoutMillis: connectMs,
  });
  client.on('error', () => undefined);
  const late = setTimeout(() => client.connection.stream.destroy(), actMs);
  const reports: StepReport[] = [];
  try {
    await client.connect();
    await client.query(`set search_path = pg_catalog; set statement_timeout = ${connectMs}`);
    for (const step of steps) reports.push(await take(client, step, spared));
    return reports;
  } catch (error) {
    const reason = `no connection by adminUrl${codeOf(error)}`;
    const left = steps.slice(reports.length);
    return [
      ...reports,
      ...left.map((step) => ({ step: stepText(step), outcome: 'failed' as const, reason })),
    ];
  } finally {
    clearTimeout(late);
    await endClient(client);
  }
}

async function take(
  client: pg.Client,
  step: QuarantineStep,
  spared: ReadonlySet<string>,
): Promise<StepReport> {
  try {
    const reason = await takeStep(client, step, spared);
    return { step: stepText(step), outcome: reason === null ? 'done' : 'failed', reason };
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    return { step: stepText(step), outcome: 'failed', reason: `the server refused${codeOf(error)}` };
  }
}

/** Null when it is done, also when it was done already; else why not. */
async function takeStep(
  client: pg.Client,
  step: QuarantineStep,
  spared: ReadonlySet<string>,
): Promise<string | null> {
  switch (step.kind) {
    case 'take_replication': {
      const { rows } = await client.query<{ super: boolean; replicates: boolean }>(
        'select rolsuper as super, rolreplication as replicates from pg_roles where rolname = $1',
        [step.role],
      );
      const [role] = rows;
      if (role === undefined) return null;
      if (role.super) return 'the role is a superuser';
      if (spared.has(step.role)) return 'we come by this role ourselves';
      if (role.replicates) await client.query(`alter role ${pg.escapeIdentifier(step.role)} noreplication`);
      return null;
    }
    case 'drop_slot':
      return await dropSlot(client, step);
    case 'disable_subscription':
      await client.query(`alter subscription ${pg.escapeIdentifier(step.subscription)} disable`);
      return null;
    case 'by_hand':
      return 'a person does this';
  }
}

/** Ends the reader and drops the slot, if it is still the logical one that was found. */
async function dropSlot(
  client: pg.Client,
  { slot, database }: { readonly slot: string; readonly database: string },
): Promise<string | null> {
  for (let looks = 0; looks < 20; looks += 1) {
    const { rows } = await client.query<{ pid: number | null }>(
      `select active_pid as pid from pg_replication_slots
       where slot_name = $1 and slot_type = 'logical' and database = $2`,
      [slot, database],
    );
    const [found] = rows;
    if (found === undefined) return null;
    if (found.pid === null) {
      await client.query('select pg_drop_replication_slot($1)', [slot]);
      return null;
    }
    await client.query('select pg_terminate_backend($1)', [found.pid]);
    await client.query('select pg_sleep(0.1)');
  }
  return 'its reader came back each time it was ended';
}
