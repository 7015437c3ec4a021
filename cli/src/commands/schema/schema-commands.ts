import { type Command, Option } from 'commander';
import { endCommand } from '../../end-command.ts';
import type { ValidateOptions } from './validate.ts';

/** Adds `spine schema` and its commands. Each is loaded when it is called. */
export function addSchemaCommands(program: Command): void {
  const schema = program
    .command('schema')
    .description('schemas: check, publish and follow them; exit codes are in docs/exit-codes.md');

  checkOptions(
    schema
      .command('validate')
      .description('check whether schemas keep their compatibility level')
      .argument('[files...]', 'schema files or globs; all of spine.schemas.yaml without any')
      .option('--against <file>', 'an old schema, offline; again for older ones, the oldest last', collect)
      .option('--base-ref <ref>', 'offline, what changed since a git revision, such as origin/main')
      .option('--version <semver>', 'the version to ask the registry for'),
  )
    .addHelpText(
      'after',
      `
Without --against and --base-ref the registry is asked.

Examples:
  $ spine schema validate order.avsc --level BACKWARD --against order-v2.avsc --against order-v1.avsc
  $ spine schema validate 'schemas/**/*.proto' --base-ref origin/main --sarif spine.sarif
  $ spine schema validate order.avsc --subject orders-value

Exit codes: 0 compatible, 2 a schema cannot be read, 3 no registry answers, 11 incompatible, 12 the version understates the change`,
    )
    .action((files: string[], options: ValidateOptions) =>
      endCommand(async () => (await import('./validate.ts')).validate(files, options), options),
    );
}

/** What every command that checks schemas understands. */
function checkOptions(command: Command): Command {
  return reportOptions(
    command
      .option('--subject <name>', 'the subject of the schema; by spine.schemas.yaml without')
      .option('--type <type>', 'avro, protobuf or json; by the ending .avsc, .proto, .json without')
      .option('--level <level>', 'NONE, or BACKWARD, FORWARD, FULL, each also _TRANSITIVE; FULL by default')
      .option(
        '--profile <profile>',
        'confluent, or strict: logical types count; offline confluent by default',
      )
      .option(
        '--references <NAME=FILE>',
        'a schema that it uses, or NAME=SUBJECT@VERSION of a published one; again for more, dependencies first',
        collect,
      )
      .option('--mapping <file>', 'maps files to subjects (default: spine.schemas.yaml, if it is there)'),
  );
}

/** Where results go. */
function reportOptions(command: Command): Command {
  return command
    .option('--json', 'print one JSON document')
    .addOption(new Option('--junit <file>', 'write JUnit XML, too'))
    .addOption(new Option('--sarif <file>', 'write SARIF 2.1.0, too'));
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
