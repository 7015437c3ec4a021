import { Problem } from '@spine/kernel/problem';
import type { AskOptions, SubjectFile } from './ask-registry.ts';
import { withOptions } from './check-options.ts';
import { type FoundSchema, findSchemas } from './find-schemas.ts';
import { readSchemaFile } from './schema-file.ts';

/** The files of a command with their subjects, each after those that it refers to. Throws INPUT_INVALID where one has none. */
export async function findSubjectFiles(
  patterns: readonly string[],
  options: AskOptions,
): Promise<readonly SubjectFile[]> {
  const found = await findSchemas(patterns, options.mapping);
  if (options.subject !== undefined && found.length > 1) {
    throw new Problem('INPUT_INVALID', `--subject names one subject, and ${found.length} files are given`, {
      fix: 'Map them in spine.schemas.yaml, or call the command once for each.',
    });
  }
  return inOrder(found).map((each) => {
    // The profile of the option is for the check alone; what the mapping says goes to the subject.
    const { profile: _profile, ...rest } = options;
    const schema = withOptions(each, rest);
    if (schema.subject === undefined) {
      throw new Problem('INPUT_INVALID', `${schema.file} has no subject`, {
        fix: 'Give --subject NAME, or map the file in spine.schemas.yaml. To ask no registry, validate by --against or --base-ref.',
      });
    }
    return { schema, subject: schema.subject, file: readSchemaFile(schema.file, schema.type) };
  });
}

/** Schemas after those that they refer to; else in the order that they came in. Throws CONFIG_INVALID for a circle. */
function inOrder(schemas: readonly FoundSchema[]): readonly FoundSchema[] {
  const done = new Set<string>();
  const ordered: FoundSchema[] = [];
  let waiting = [...schemas];
  while (waiting.length > 0) {
    const subjects = new Set(waiting.flatMap(({ subject }) => subject ?? []));
    const ready = waiting.filter(({ references = [] }) =>
      references.every(({ subject }) => done.has(subject) || !subjects.has(subject)),
    );
    if (ready.length === 0) {
      throw new Problem('CONFIG_INVALID', `${[...subjects].join(', ')} refer to each other`, {
        fix: 'Move what they share into a schema of its own.',
      });
    }
    ordered.push(...ready);
    for (const { subject } of ready) if (subject !== undefined) done.add(subject);
    waiting = waiting.filter((schema) => !ready.includes(schema));
  }
  return ordered;
}
