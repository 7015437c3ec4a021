import type { Command } from 'commander';
import { endCommand } from '../../end-command.ts';

const json = ['--json', 'print one JSON document'] as const;
const subject = ['<subject>', 'the name of the subject'] as const;

/** Adds the commands about subjects that a registry has. */
export function addSubjectCommands(schema: Command): void {
  schema
    .command('list')
    .description('list subjects, each with its latest version')
    .argument('[prefix]', 'only those whose names begin so')
    .option(...json)
    .action((prefix, options) =>
      endCommand(async () => (await import('./list.ts')).list(prefix, options), options),
    );
  schema
    .command('show')
    .description('show a version with its text, or all versions')
    .argument(...subject)
    .option('--version <version>', '3, 1.2.0 or latest (default: latest)')
    .option('--versions', 'list all versions in place of one')
    .option('--text', 'print the text of the schema alone')
    .option(...json)
    .addHelpText('after', '\nExample:\n  $ spine schema show orders --version 1.2.0 --text > order.avsc')
    .action((name, options) =>
      endCommand(async () => (await import('./show.ts')).show(name, options), options),
    );
  schema
    .command('changelog')
    .description('show what each version changed, the newest first')
    .argument(...subject)
    .option('--limit <count>', 'the newest so many')
    .option('--format <format>', 'text, markdown or json', 'text')
    .option(...json)
    .addHelpText('after', '\nExample:\n  $ spine schema changelog orders --format markdown >> RELEASE.md')
    .action((name, options) =>
      endCommand(async () => (await import('./changelog.ts')).changelog(name, options), options),
    );
  addLifecycle(schema);
  addUsage(schema);
}

function addLifecycle(schema: Command): void {
  schema
    .command('rollback')
    .description('make an older version the latest again')
    .argument(...subject)
    .requiredOption('--to <version>', '3 or 1.2.0')
    .option('--reason <text>', 'kept with the versions that are rolled back')
    .option('--force', 'even where the old version cannot read what was written since; needs --approver')
    .option('--approver <name>', 'who answers for a forced rollback: a steward')
    .option(...json)
    .addHelpText(
      'after',
      "\nExample:\n  $ spine schema rollback orders --to 1.1.0 --reason 'consumers fail'\n\nEnds with 11 where the old version cannot read what was written since.",
    )
    .action((name, options) =>
      endCommand(async () => (await import('./rollback.ts')).rollback(name, options), options),
    );
  schema
    .command('deprecate')
    .description('tell readers that a version will go, and when')
    .argument(...subject)
    .requiredOption('--version <version>', '3 or 1.2.0')
    .option('--sunset <day>', 'the day from which it may be gone, such as 2027-03-31')
    .option('--note <text>', 'what to use in its place')
    .option('--undo', 'take the deprecation back')
    .option(...json)
    .action((name, options) =>
      endCommand(async () => (await import('./deprecate.ts')).deprecate(name, options), options),
    );
  schema
    .command('delete')
    .description('delete a version, or the subject with all its versions; ids still resolve')
    .argument(...subject)
    .option('--version <version>', '3 or 1.2.0')
    .option('--permanent', 'for good; only what was deleted before')
    .option(...json)
    .action((name, options) =>
      endCommand(async () => (await import('./delete.ts')).deleteSchema(name, options), options),
    );
}

function addUsage(schema: Command): void {
  schema
    .command('deployment')
    .description('show whether everyone who uses a subject was held against a version; 1 when not')
    .argument(...subject)
    .option('--version <version>', '3, 1.2.0 or latest (default: latest)')
    .option(...json)
    .action((name, options) =>
      endCommand(async () => (await import('./deployment.ts')).deployment(name, options), options),
    );
  const usage = schema
    .command('usage')
    .description("who writes and reads a subject's data: publishing tells whom it would break");
  const as = ['--as <role>', 'producer or consumer'] as const;
  const who = ['<name>', 'the name of the producer or consumer'] as const;
  usage
    .command('list')
    .description('list producers and consumers with the versions that they use')
    .argument(...subject)
    .option(...json)
    .action((name, options) =>
      endCommand(async () => (await import('./usage.ts')).listUsage(name, options), options),
    );
  usage
    .command('add')
    .description('register a producer or consumer, or the version that it uses now')
    .argument(...subject)
    .argument(...who)
    .requiredOption(...as)
    .option('--version <version>', '3, 1.2.0 or latest (default: latest)')
    .option('--contact <text>', 'whom to ask')
    .option(...json)
    .addHelpText(
      'after',
      '\nExample:\n  $ spine schema usage add orders billing --as consumer --version 1.2.0',
    )
    .action((name, user, options) =>
      endCommand(async () => (await import('./usage.ts')).addUsage(name, user, options), options),
    );
  usage
    .command('remove')
    .description('take a producer or consumer off the list')
    .argument(...subject)
    .argument(...who)
    .requiredOption(...as)
    .option(...json)
    .action((name, user, options) =>
      endCommand(async () => (await import('./usage.ts')).removeUsage(name, user, options), options),
    );
}
