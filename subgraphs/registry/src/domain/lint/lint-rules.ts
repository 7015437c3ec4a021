import type { LintRule } from './lint-rule.ts';
import { avroDefaultFirstBranch } from './rules/avro/default-first-branch.ts';
import { avroEnumDefault } from './rules/avro/enum-default.ts';
import { avroFieldDoc } from './rules/avro/field-doc.ts';
import { avroFieldNameCase } from './rules/avro/field-name-case.ts';
import { avroLogicalTypeValid } from './rules/avro/logical-type-valid.ts';
import { avroNamespaceDefined } from './rules/avro/namespace-defined.ts';
import { avroNamespaceLowerCase } from './rules/avro/namespace-lower-case.ts';
import { avroNewFieldDefault } from './rules/avro/new-field-default.ts';
import { avroNullableWithoutDefault } from './rules/avro/nullable-without-default.ts';
import { avroSymbolUpperSnakeCase } from './rules/avro/symbol-upper-snake-case.ts';
import { avroTypeDoc } from './rules/avro/type-doc.ts';
import { avroTypePascalCase } from './rules/avro/type-pascal-case.ts';
import { dataClassStated } from './rules/governance/data-class-stated.ts';
import { ownerStated } from './rules/governance/owner-stated.ts';
import { personalDataTagged } from './rules/governance/personal-data-tagged.ts';
import { retentionStated } from './rules/governance/retention-stated.ts';
import { tagsOfFields } from './rules/governance/tags-of-fields.ts';
import { jsonAdditionalPropertiesStated } from './rules/json-schema/additional-properties-stated.ts';
import { jsonDescriptionStated } from './rules/json-schema/description-stated.ts';
import { jsonDialectStated } from './rules/json-schema/dialect-stated.ts';
import { jsonIdStated } from './rules/json-schema/id-stated.ts';
import { jsonNewPropertyOptional } from './rules/json-schema/new-property-optional.ts';
import { jsonPatternSafe } from './rules/json-schema/pattern-safe.ts';
import { jsonPatternValid } from './rules/json-schema/pattern-valid.ts';
import { jsonPropertyDescription } from './rules/json-schema/property-description.ts';
import { jsonPropertyNameCase } from './rules/json-schema/property-name-case.ts';
import { jsonReferenceAlone } from './rules/json-schema/reference-alone.ts';
import { jsonRequiredKnown } from './rules/json-schema/required-known.ts';
import { jsonRequiredPossible } from './rules/json-schema/required-possible.ts';
import { jsonTitleStated } from './rules/json-schema/title-stated.ts';
import { jsonTypeStated } from './rules/json-schema/type-stated.ts';
import { jsonValuesOfType } from './rules/json-schema/values-of-type.ts';
import { comments } from './rules/protobuf/comments.ts';
import { enumFirstValueZero } from './rules/protobuf/enum-first-value-zero.ts';
import { enumNoAllowAlias } from './rules/protobuf/enum-no-allow-alias.ts';
import { enumPascalCase } from './rules/protobuf/enum-pascal-case.ts';
import { enumValuePrefix } from './rules/protobuf/enum-value-prefix.ts';
import { enumValueUpperSnakeCase } from './rules/protobuf/enum-value-upper-snake-case.ts';
import { enumZeroValueSuffix } from './rules/protobuf/enum-zero-value-suffix.ts';
import { fieldLowerSnakeCase } from './rules/protobuf/field-lower-snake-case.ts';
import { fieldNotRequired } from './rules/protobuf/field-not-required.ts';
import { importNoPublic } from './rules/protobuf/import-no-public.ts';
import { importNoWeak } from './rules/protobuf/import-no-weak.ts';
import { importUsed } from './rules/protobuf/import-used.ts';
import { messagePascalCase } from './rules/protobuf/message-pascal-case.ts';
import { oneofLowerSnakeCase } from './rules/protobuf/oneof-lower-snake-case.ts';
import { packageDefined } from './rules/protobuf/package-defined.ts';
import { packageLowerSnakeCase } from './rules/protobuf/package-lower-snake-case.ts';
import { packageNoImportCycle } from './rules/protobuf/package-no-import-cycle.ts';
import { packageSameOptions } from './rules/protobuf/package-same-options.ts';
import { packageVersionSuffix } from './rules/protobuf/package-version-suffix.ts';
import { removedFieldReserved } from './rules/protobuf/removed-field-reserved.ts';
import { rpcNoClientStreaming } from './rules/protobuf/rpc-no-client-streaming.ts';
import { rpcNoServerStreaming } from './rules/protobuf/rpc-no-server-streaming.ts';
import { rpcPascalCase } from './rules/protobuf/rpc-pascal-case.ts';
import { rpcRequestResponseUnique } from './rules/protobuf/rpc-request-response-unique.ts';
import { rpcRequestStandardName } from './rules/protobuf/rpc-request-standard-name.ts';
import { rpcResponseStandardName } from './rules/protobuf/rpc-response-standard-name.ts';
import { servicePascalCase } from './rules/protobuf/service-pascal-case.ts';
import { serviceSuffix } from './rules/protobuf/service-suffix.ts';
import { stablePackageNoImportUnstable } from './rules/protobuf/stable-package-no-import-unstable.ts';
import { syntaxSpecified } from './rules/protobuf/syntax-specified.ts';

/** Every rule there is, those for all formats first. */
export const lintRules: readonly LintRule[] = [
  dataClassStated,
  ownerStated,
  personalDataTagged,
  retentionStated,
  tagsOfFields,
  avroDefaultFirstBranch,
  avroEnumDefault,
  avroFieldDoc,
  avroFieldNameCase,
  avroLogicalTypeValid,
  avroNamespaceDefined,
  avroNamespaceLowerCase,
  avroNewFieldDefault,
  avroNullableWithoutDefault,
  avroSymbolUpperSnakeCase,
  avroTypeDoc,
  avroTypePascalCase,
  jsonAdditionalPropertiesStated,
  jsonDescriptionStated,
  jsonDialectStated,
  jsonIdStated,
  jsonNewPropertyOptional,
  jsonPatternSafe,
  jsonPatternValid,
  jsonPropertyDescription,
  jsonPropertyNameCase,
  jsonReferenceAlone,
  jsonRequiredKnown,
  jsonRequiredPossible,
  jsonTitleStated,
  jsonTypeStated,
  jsonValuesOfType,
  ...comments,
  enumFirstValueZero,
  enumNoAllowAlias,
  enumPascalCase,
  enumValuePrefix,
  enumValueUpperSnakeCase,
  enumZeroValueSuffix,
  fieldLowerSnakeCase,
  fieldNotRequired,
  importNoPublic,
  importNoWeak,
  importUsed,
  messagePascalCase,
  oneofLowerSnakeCase,
  packageDefined,
  packageLowerSnakeCase,
  packageNoImportCycle,
  ...packageSameOptions,
  packageVersionSuffix,
  removedFieldReserved,
  rpcNoClientStreaming,
  rpcNoServerStreaming,
  rpcPascalCase,
  rpcRequestResponseUnique,
  rpcRequestStandardName,
  rpcResponseStandardName,
  servicePascalCase,
  serviceSuffix,
  stablePackageNoImportUnstable,
  syntaxSpecified,
];
