import { type Command, Option } from 'commander';
import { endCommand } from '../../end-command.ts';
import { addSubjectCommands } from './subject-commands.ts';

/** Adds `spine schema` and its commands. Each is loaded when it is called. */
export function addSchemaCommands(program: Command): void {
  const schema = program
    .command('schema')
    .description('check, publish and follow schemas')
    .addHelpText(
      'after',
      '\ndocs/exit-codes.md says what each exit code means, docs/schema-ci.md how to check in CI.',
    );
  addValidate(schema);
  addPublish(schema);
  addLint(schema);
  addDiff(schema);
  addSubjectCommands(schema);
}

function addValidate(schema: Command): void {
  const command = schema
    .command('validate')
    .description('check whether schemas keep their compatibility level')
    .argument('[files...]', 'schema files or globs; all of spine.schemas.yaml without any')
    .option('--against <file>', 'an old schema, offline; again for older ones, the oldest last', collect)
    .option('--base-ref <ref>', 'offline, what changed since a git revision, such as origin/main')
    .option('--version <semver>', 'the version that the file is to have: 12 where it understates the change')
    .option('--since <semver>', 'the version of the newest --against; a registry knows it');
  addReportOptions(addCheckOptions(command))
    .addHelpText(
      'after',
      `
Without --against and --base-ref the registry is asked.

Examples:
  $ spine schema validate order.avsc --level BACKWARD --against order-v2.avsc --against order-v1.avsc
  $ spine schema validate 'schemas/**/*.proto' --base-ref origin/main --sarif spine.sarif
  $ spine schema validate order.avsc --against order-v2.avsc --since 1.1.0 --version 1.2.0
  $ spine schema validate order.avsc --subject orders

Ends with 0 compatible, 2 a schema cannot be read, 3 no registry answers, 11 incompatible, 12 the version understates the change.`,
    )
    .action((files, options) =>
      endCommand(async () => (await import('./validate.ts')).validate(files, options), options),
    );
}

function addPublish(schema: Command): void {
  const command = schema
    .command('publish')
    .description('publish schemas, each after those that it refers to')
    .argument('[files...]', 'schema files or globs; all of spine.schemas.yaml without any')
    .option('--version <semver>', 'the version to ask for; a new major begins a line of its own')
    .option('--dry-run', 'say what would happen; publish nothing');
  addReportOptions(addCheckOptions(command))
    .addHelpText(
      'after',
      `
Examples:
  $ spine schema publish order.avsc --subject orders
  $ spine schema publish order.avsc --subject orders --version 2.0.0
  $ spine schema publish --dry-run

Ends with 0 published, or known already; 2 a schema cannot be read, 3 no registry answers, 10 lint refuses, 11 incompatible, 12 the version understates the change.`,
    )
    .action((files, options) =>
      endCommand(async () => (await import('./publish.ts')).publish(files, options), options),
    );
}

function addLint(schema: Command): void {
  const command = schema
    .command('lint')
    .description('find what is badly named, undocumented or unsaid; asks no registry without --url')
    .argument('[files...]', 'schema files or globs; all of spine.schemas.yaml without any')
    .option('--fix', 'put right what is certain, in the files')
    .option('--rule <RULE=SEVERITY>', 'error, warning or off for a rule; again for more', collect)
    .option('--against <file>', 'the version that the file follows')
    .option('--base-ref <ref>', 'the git revision that the files follow')
    .option(
      '--url <registry>',
      "ask this registry: severities and the version that a file follows are its subject's",
    );
  addReportOptions(addCheckOptions(command))
    .addHelpText(
      'after',
      `
Examples:
  $ spine schema lint 'schemas/**/*.avsc' --fix
  $ spine schema lint order.proto --rule AVRO_FIELD_DOC=error
  $ spine schema lint order.avsc --subject orders --url http://127.0.0.1:4001

docs/lint-rules.md lists the rules. Ends with 0 no errors, 2 a schema cannot be read, 3 the registry does not answer, 10 an error was found.`,
    )
    .action((files, options) =>
      endCommand(async () => (await import('./lint.ts')).lint(files, options), options),
    );
}

function addDiff(schema: Command): void {
  const command = schema
    .command('diff')
    .description('show what changed, and who breaks by it')
    .argument('[files...]', 'OLD and NEW; or NEW alone, with --subject; or none, with --subject and --from')
    .option('--from <version>', 'a published version: 3, 1.2.0 or latest')
    .option('--to <version>', 'a published version (default: latest)');
  addCheckOptions(command)
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Examples:
  $ spine schema diff order-v1.avsc order.avsc
  $ spine schema diff order.avsc --subject orders
  $ spine schema diff --subject orders --from 1.0.0 --to 2.0.0`,
    )
    .action((files, options) =>
      endCommand(async () => (await import('./diff.ts')).diff(files, options), options),
    );
}

/** What every command that reads schema files understands. */
function addCheckOptions(command: Command): Command {
  return command
    .option('--subject <name>', 'the subject of the file (default: what spine.schemas.yaml says)')
    .option('--type <type>', 'avro, protobuf or json (default: by the ending .avsc, .proto, .json)')
    .option('--level <level>', 'NONE, BACKWARD, FORWARD or FULL, or one of them with _TRANSITIVE')
    .option('--profile <profile>', 'confluent, or strict: logical types count')
    .option('--policy <policy>', 'strict or lenient: properties added to open JSON Schemas')
    .option(
      '--references <NAME=FILE>',
      'a schema that the file uses, or NAME=SUBJECT@VERSION of a published one; again for more, dependencies first',
      collect,
    )
    .option('--mapping <file>', 'what maps files to subjects (default: spine.schemas.yaml, where it is)');
}

/** Where results go. */
function addReportOptions(command: Command): Command {
  return command
    .option('--json', 'print one JSON document')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json', 'github']))
    .option('--junit <file>', 'write JUnit XML, too')
    .option('--sarif <file>', 'write SARIF 2.1.0, too');
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
