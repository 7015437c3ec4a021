import { Command, CommanderError } from 'commander';
import type { SpecOptions } from './commands/apply.ts';
import type { AuditExportOptions, AuditVerifyOptions } from './commands/audit.ts';
import { addCdcCommands } from './commands/cdc/cdc-commands.ts';
import type { GraphUsageOptions } from './commands/graph-usage.ts';
import type { InitOptions } from './commands/init.ts';
import { addSchemaCommands } from './commands/schema/schema-commands.ts';
import type { UpOptions } from './commands/up.ts';
import { endCommand } from './end-command.ts';
import { exitCodes } from './exit-codes.ts';

// A command is loaded when it is called: `up` brings every service, and a check of two files must not wait for them.
const program = new Command('spine')
  .description('Governed data movement: schemas, lineage, replication and residency in one graph.')
  .version('0.1.0')
  .enablePositionalOptions()
  .exitOverride()
  .showHelpAfterError('(spine help shows every command)');

const json = ['--json', 'print one JSON document'] as const;
const file = ['-f, --file <file>', 'the spine.yaml (default: ./spine.yaml)'] as const;

program
  .command('up')
  .description('start everything in this process; applies spine.yaml; Ctrl-C drains')
  .option(...file)
  .option('--example <name>', 'run an example: shop')
  .option(...json)
  .action((options: UpOptions) =>
    endCommand(async () => (await import('./commands/up.ts')).up(options), options),
  );
program
  .command('init')
  .description('write a spine.yaml for a Postgres of yours')
  .argument('<url>', 'postgres://user:password@host:port/database')
  .option('-f, --file <file>', 'where to write it', 'spine.yaml')
  .option('--region <region>', 'where the database lives', 'eu-central-1')
  .option('--force', 'overwrite the file')
  .option(...json)
  .action((url: string, options: InitOptions) =>
    endCommand(async () => (await import('./commands/init.ts')).init(url, options), options),
  );
program
  .command('doctor')
  .description('check Node, ports, disk, databases, sources and sinks')
  .option(...file)
  .option(...json)
  .action((options: SpecOptions) =>
    endCommand(async () => (await import('./commands/doctor.ts')).doctor(options), options),
  );
program
  .command('plan')
  .description('show what apply would change')
  .option(...file)
  .option(...json)
  .action((options: SpecOptions) =>
    endCommand(async () => (await import('./commands/apply.ts')).plan(options), options),
  );
program
  .command('apply')
  .description('make the installation what spine.yaml says')
  .option(...file)
  .option(...json)
  .action((options: SpecOptions) =>
    endCommand(async () => (await import('./commands/apply.ts')).apply(options), options),
  );
program
  .command('status')
  .description('show URLs, routes, tables and lag')
  .option(...json)
  .action((options: { json?: boolean }) =>
    endCommand(async () => (await import('./commands/status.ts')).status(options), options),
  );
addSchemaCommands(program);
addCdcCommands(program);
const audit = program.command('audit').description("the gateway's record of mutations and sensitive reads");
audit
  .command('verify')
  .description('follow the hash chain of the audit log; 14 when it is broken')
  .option('--file <file>', 'an export to check in place of the running gateway')
  .option(...json)
  .action((options: AuditVerifyOptions) =>
    endCommand(async () => (await import('./commands/audit.ts')).verifyAudit(options), options),
  );
audit
  .command('export')
  .description('write the audit log as JSON lines')
  .option('--from <moment>', 'ISO 8601, like 2026-01-31T00:00:00Z')
  .option('--to <moment>', 'ISO 8601; entries before it')
  .option('-o, --output <file>', 'a new file (default: stdout)')
  .action((options: AuditExportOptions) =>
    endCommand(async () => (await import('./commands/audit.ts')).exportAudit(options), {}),
  );
program
  .command('graph')
  .description('the graph and its clients')
  .command('usage')
  .description('show how often clients selected each field')
  .option(
    '-o, --output <file>',
    'write the export that CI weighs breaking changes by: schema/graphql/usage.json',
  )
  .option(...json)
  .action((options: GraphUsageOptions) =>
    endCommand(async () => (await import('./commands/graph-usage.ts')).showGraphUsage(options), options),
  );
for (const command of everyCommand(program)) command.option('--no-color', 'print without colours');

// Whoever reads may stop reading, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitCodes.good);
});

try {
  await program.parseAsync();
} catch (error) {
  // commander has printed what it has to say; help and --version come this way, too.
  process.exitCode =
    error instanceof CommanderError && error.exitCode !== 0 ? exitCodes.badUsage : exitCodes.good;
  if (!(error instanceof CommanderError)) throw error;
}

function everyCommand(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}
