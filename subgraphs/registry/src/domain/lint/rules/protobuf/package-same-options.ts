import type { ProtoOption } from '../../../protobuf/proto-file.ts';
import type { ProtobufRule } from '../../lint-rule.ts';

/** Options of a file that say where the generated code of a package goes: one package, one place. */
const options = [
  'csharp_namespace',
  'go_package',
  'java_multiple_files',
  'java_package',
  'php_namespace',
  'ruby_package',
  'swift_prefix',
] as const;

/** One rule for each such option. */
export const packageSameOptions: readonly ProtobufRule[] = options.map((option) => ({
  id: `PACKAGE_SAME_${option.toUpperCase()}`,
  format: 'PROTOBUF',
  severity: 'warning',
  summary: `All files of a package say the same by \`${option}\`, or nothing.`,
  check: ({ file, dependencies }) =>
    dependencies
      .filter((each) => each.package === file.package && file.package !== '')
      .filter((each) => settingOf(each.options, option) !== settingOf(file.options, option))
      .map(({ path }) => ({
        path: '',
        message: `${option} is not what ${path}, of the same package, says by it`,
      })),
}));

function settingOf(all: readonly ProtoOption[], name: string): string {
  const value = all.find((option) => option.name === name)?.value;
  return JSON.stringify(value ?? null);
}
