import { optionWord } from '../proto-file.ts';
import type { ProtobufIncompatibility } from '../protobuf-incompatibility.ts';
import type { StrictProtobufKind } from '../protobuf-kinds.ts';
import type { ProtobufFile } from '../protobuf-schema.ts';
import { finding } from './strict-comparison.ts';

/** Options that decide what generated source looks like, each with what holds where it is not set. */
const optionRules: readonly (readonly [StrictProtobufKind, string, string])[] = [
  ['FILE_SAME_CC_ENABLE_ARENAS', 'cc_enable_arenas', 'true'],
  ['FILE_SAME_CC_GENERIC_SERVICES', 'cc_generic_services', 'false'],
  ['FILE_SAME_CSHARP_NAMESPACE', 'csharp_namespace', ''],
  ['FILE_SAME_GO_PACKAGE', 'go_package', ''],
  ['FILE_SAME_JAVA_GENERIC_SERVICES', 'java_generic_services', 'false'],
  ['FILE_SAME_JAVA_MULTIPLE_FILES', 'java_multiple_files', 'false'],
  ['FILE_SAME_JAVA_OUTER_CLASSNAME', 'java_outer_classname', ''],
  ['FILE_SAME_JAVA_PACKAGE', 'java_package', ''],
  ['FILE_SAME_OBJC_CLASS_PREFIX', 'objc_class_prefix', ''],
  ['FILE_SAME_OPTIMIZE_FOR', 'optimize_for', 'SPEED'],
  ['FILE_SAME_PHP_CLASS_PREFIX', 'php_class_prefix', ''],
  ['FILE_SAME_PHP_METADATA_NAMESPACE', 'php_metadata_namespace', ''],
  ['FILE_SAME_PHP_NAMESPACE', 'php_namespace', ''],
  ['FILE_SAME_PY_GENERIC_SERVICES', 'py_generic_services', 'false'],
  ['FILE_SAME_RUBY_PACKAGE', 'ruby_package', ''],
  ['FILE_SAME_SWIFT_PREFIX', 'swift_prefix', ''],
];

/** What two files say about all that is in them. */
export function compareFiles(reader: ProtobufFile, writer: ProtobufFile): readonly ProtobufIncompatibility[] {
  const found: ProtobufIncompatibility[] = [];
  if (reader.package !== writer.package) {
    const message = `the package is ${nameOr(reader.package)} in the reader and ${nameOr(writer.package)} in the writer`;
    const written = writer.messages[0]?.fullName;
    const witness = written === undefined ? undefined : unknownMessage(written);
    found.push(finding('WIRE', 'FILE_SAME_PACKAGE', '', message, witness));
  }
  const [mine, theirs] = [syntaxText(reader), syntaxText(writer)];
  if (mine !== theirs) {
    const message = `the syntax is ${mine} in the reader and ${theirs} in the writer`;
    found.push(finding('SOURCE', 'FILE_SAME_SYNTAX', '', message));
  }
  for (const [kind, option, otherwise] of optionRules) {
    const [now, before] = [reader, writer].map((file) => optionWord(file.options, option) ?? otherwise);
    if (now === before) continue;
    const message = `the option ${option} is ${nameOr(now)} in the reader and ${nameOr(before)} in the writer`;
    found.push(finding('SOURCE', kind, '', message));
  }
  return found;
}

function unknownMessage(fullName: string) {
  return {
    datum: { '@type': `type.googleapis.com/${fullName}` },
    why: `the reader knows no message ${fullName}`,
  };
}

function syntaxText(file: ProtobufFile): string {
  return file.edition === undefined ? file.syntax : `edition ${file.edition}`;
}

function nameOr(name: string | undefined): string {
  return name === undefined || name === '' ? 'not set' : name;
}
