import type { Command } from 'commander';
import { endCommand } from '../../end-command.ts';

const json = ['--json', 'print one JSON document'] as const;
const route = ['<route>', 'the name of the route'] as const;
const reason = ['--reason <text>', 'shown beside the state of the route, and kept'] as const;

/** Adds `spine cdc`: what people do to routes that run. */
export function addCdcCommands(program: Command): void {
  const cdc = program.command('cdc').description('operate the routes that move data');
  cdc
    .command('status')
    .description('show where routes and their tables stand')
    .argument('[route]', 'only this one')
    .option(...json)
    .action((name, options) =>
      endCommand(async () => (await import('../status.ts')).status({ ...options, route: name }), options),
    );
  cdc
    .command('pause')
    .description('let a route rest: the batch under way ends, the slot stays, WAL waits at the source')
    .argument(...route)
    .option(...reason)
    .option(...json)
    .addHelpText('after', "\nExample:\n  $ spine cdc pause shop-to-us --reason 'the lake moves'")
    .action((name, options) =>
      endCommand(async () => (await import('./operate.ts')).operate('pauseRoute', name, options), options),
    );
  cdc
    .command('resume')
    .description('let a paused route go on, after its checkpoint')
    .argument(...route)
    .option(...reason)
    .option(...json)
    .action((name, options) =>
      endCommand(async () => (await import('./operate.ts')).operate('resumeRoute', name, options), options),
    );
  cdc
    .command('scan')
    .description('look now for consumers of sources and sinks that nobody registered; 1 when one stands open')
    .option(...json)
    .action((options) => endCommand(async () => (await import('./scan.ts')).scan(options), options));
  cdc
    .command('review')
    .description('record a verdict on what a scan has found; rejected, it is cut off where that is enforced')
    .argument('<finding>', 'its number, as `spine cdc scan` shows it')
    .argument('<verdict>', 'approve or reject')
    .requiredOption('--note <text>', 'who answers for it, or why it must go; kept')
    .option(...json)
    .addHelpText('after', "\nExample:\n  $ spine cdc review 7 approve --note 'the archive of finance'")
    .action((finding, verdict, options) =>
      endCommand(async () => (await import('./review.ts')).review(finding, verdict, options), options),
    );
  cdc
    .command('incidents')
    .description(
      'show the tables that stand still for a breaking change, and the ways out; 1 when there are any',
    )
    .argument('[route]', 'only of this one')
    .option(...json)
    .action((name, options) =>
      endCommand(async () => (await import('./incidents.ts')).incidents(name, options), options),
    );
  cdc
    .command('accept')
    .description(
      'accept a breaking change: publish the new shape as the version it needs, copy the table again',
    )
    .argument(...route)
    .argument('<table>', 'schema.table')
    .option(...reason)
    .option('--wait', 'stay until the copy stands')
    .option(...json)
    .addHelpText('after', '\nExample:\n  $ spine cdc accept shop-to-warehouse public.orders --wait')
    .action((name, table, options) =>
      endCommand(async () => (await import('./accept.ts')).accept(name, table, options), options),
    );
  cdc
    .command('deadletters')
    .description('show the changes that were set aside and wait, never their rows; 1 when there are any')
    .argument(...route)
    .option(...json)
    .action((name, options) =>
      endCommand(async () => (await import('./deadletters.ts')).deadLetters(name, options), options),
    );
  cdc
    .command('replay')
    .description('deliver dead letters again, in order, under the policy of now; 1 when some stay')
    .argument(...route)
    .option('--table <tables...>', 'schema.table (default: every table of the route)')
    .option('--dry-run', 'tell what would happen, and take it back')
    .option(...json)
    .addHelpText(
      'after',
      '\nExample:\n  $ spine cdc replay shop-to-warehouse --table public.orders --dry-run',
    )
    .action((name, options) =>
      endCommand(async () => (await import('./replay.ts')).replay(name, options), options),
    );
  cdc
    .command('discard')
    .description('give dead letters up; rows at the sink may differ from the source from then on')
    .argument(...route)
    .requiredOption('--reason <text>', 'why, kept with each')
    .option('--table <tables...>', 'schema.table (default: every table of the route)')
    .option('--id <ids...>', 'only these, as `spine cdc deadletters` shows them')
    .option(...json)
    .addHelpText(
      'after',
      "\nExample:\n  $ spine cdc discard shop-to-warehouse --id 17 --reason 'a test order'",
    )
    .action((name, options) =>
      endCommand(async () => (await import('./discard.ts')).discard(name, options), options),
    );
  cdc
    .command('smoke')
    .description(
      'send one row from source to sink without changing it, and show its decision and lineage; 13 when it is denied',
    )
    .argument(...route)
    .argument('[table]', 'schema.table (default: one that streams)')
    .option(...json)
    .action((name, table, options) =>
      endCommand(async () => (await import('./smoke.ts')).smoke(name, table, options), options),
    );
  cdc
    .command('verify')
    .description('compare source and sink by content hash, as policy lets rows leave; 14 when they differ')
    .argument(...route)
    .argument('[tables...]', 'schema.table (default: every table that streams)')
    .option(...json)
    .addHelpText('after', '\nExample:\n  $ spine cdc verify shop-to-warehouse public.orders')
    .action((name, tables, options) =>
      endCommand(async () => (await import('./verify.ts')).verify(name, { ...options, tables }), options),
    );
  cdc
    .command('resnapshot')
    .description('copy tables in full again; rows that the source no longer has go')
    .argument(...route)
    .argument('[tables...]', 'schema.table (default: every table of the route)')
    .option(...reason)
    .option('--wait', 'stay until the copies stand')
    .option(...json)
    .addHelpText('after', '\nExample:\n  $ spine cdc resnapshot shop-to-warehouse public.orders --wait')
    .action((name, tables, options) =>
      endCommand(
        async () => (await import('./operate.ts')).operate('resnapshotTables', name, { ...options, tables }),
        options,
      ),
    );
}
