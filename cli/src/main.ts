import { Problem } from '@spine/kernel/problem';
import { Command, CommanderError } from 'commander';
import { apply, plan, type SpecOptions } from './commands/apply.ts';
import {
  type AuditExportOptions,
  type AuditVerifyOptions,
  exportAudit,
  verifyAudit,
} from './commands/audit.ts';
import { doctor } from './commands/doctor.ts';
import { type InitOptions, init } from './commands/init.ts';
import { type SchemaUsageOptions, showSchemaUsage } from './commands/schema-usage.ts';
import { status } from './commands/status.ts';
import { type UpOptions, up } from './commands/up.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { terminal } from './terminal.ts';

const program = new Command('spine')
  .description('Governed data movement: schemas, lineage, replication and residency in one graph.')
  .version('0.1.0')
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
  .action((options: UpOptions) => end(() => up(options), options.json));
program
  .command('init')
  .description('write a spine.yaml for a Postgres of yours')
  .argument('<url>', 'postgres://user:password@host:port/database')
  .option('-f, --file <file>', 'where to write it', 'spine.yaml')
  .option('--region <region>', 'where the database lives', 'eu-central-1')
  .option('--force', 'overwrite the file')
  .option(...json)
  .action((url: string, options: InitOptions) => end(() => init(url, options), options.json));
program
  .command('doctor')
  .description('check Node, ports, disk, databases, sources and sinks')
  .option(...file)
  .option(...json)
  .action((options: SpecOptions) => end(() => doctor(options), options.json));
program
  .command('plan')
  .description('show what apply would change')
  .option(...file)
  .option(...json)
  .action((options: SpecOptions) => end(() => plan(options), options.json));
program
  .command('apply')
  .description('make the installation what spine.yaml says')
  .option(...file)
  .option(...json)
  .action((options: SpecOptions) => end(() => apply(options), options.json));
program
  .command('status')
  .description('show URLs, routes, tables and lag')
  .option(...json)
  .action((options: { json?: boolean }) => end(() => status(options), options.json));
const audit = program.command('audit').description("the gateway's record of mutations and sensitive reads");
audit
  .command('verify')
  .description('follow the hash chain of the audit log; 14 when it is broken')
  .option('--file <file>', 'an export to check in place of the running gateway')
  .option(...json)
  .action((options: AuditVerifyOptions) => end(() => verifyAudit(options), options.json));
audit
  .command('export')
  .description('write the audit log as JSON lines')
  .option('--from <moment>', 'ISO 8601, like 2026-01-31T00:00:00Z')
  .option('--to <moment>', 'ISO 8601; entries before it')
  .option('-o, --output <file>', 'a new file (default: stdout)')
  .action((options: AuditExportOptions) => end(() => exportAudit(options), false));
program
  .command('schema')
  .description('the graph and its clients')
  .command('usage')
  .description('show how often clients selected each field')
  .option(
    '-o, --output <file>',
    'write the export that CI weighs breaking changes by: schema/graphql/usage.json',
  )
  .option(...json)
  .action((options: SchemaUsageOptions) => end(() => showSchemaUsage(options), options.json));

try {
  await program.parseAsync();
} catch (error) {
  // commander has printed what it has to say; help and --version come this way, too.
  process.exitCode =
    error instanceof CommanderError && error.exitCode !== 0 ? exitCodes.badUsage : exitCodes.good;
  if (!(error instanceof CommanderError)) throw error;
}

async function end(command: () => Promise<number>, asJson: boolean | undefined): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    terminal.problem(error, asJson === true);
    process.exitCode = error instanceof Problem ? exitCodeOf(error.code) : exitCodes.refused;
  }
}
