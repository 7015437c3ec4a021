import { buildSubgraph, type Subgraph } from '@spine/platform/graphql/build-subgraph';
import { keyText } from '@spine/platform/graphql/entity-key';
import { SchemaChangeResolver, versionEventResolvers } from './api/graphql/change-resolver.ts';
import { schemaChangeTypes } from './api/graphql/change-types.ts';
import { LifecycleResolver } from './api/graphql/lifecycle-resolver.ts';
import { PublishResolver } from './api/graphql/publish-resolver.ts';
import type { RegistryContext } from './api/graphql/registry-context.ts';
import { SettingsResolver } from './api/graphql/settings-resolver.ts';
import { DatasetResolver, findSubjectType, SubjectResolver } from './api/graphql/subject-resolver.ts';
import { DatasetType } from './api/graphql/subject-types.ts';
import { findVersionType, SchemaVersionResolver } from './api/graphql/version-resolver.ts';

/** The registry subgraph: Subject, SchemaVersion, and the subject of a Dataset. */
export function buildRegistrySubgraph(): Promise<Subgraph> {
  return buildSubgraph<RegistryContext>({
    name: 'registry',
    resolvers: [
      SubjectResolver,
      SchemaVersionResolver,
      DatasetResolver,
      PublishResolver,
      LifecycleResolver,
      SettingsResolver,
      SchemaChangeResolver,
      ...versionEventResolvers,
    ],
    orphanedTypes: [DatasetType, ...schemaChangeTypes],
    references: {
      Subject: (key, context) => findSubjectType(context, keyText(key, 'name')),
      SchemaVersion: (key, context) => findVersionType(context, keyText(key, 'id')),
      Dataset: (key) =>
        Object.assign(new DatasetType(), {
          namespace: keyText(key, 'namespace'),
          name: keyText(key, 'name'),
        }),
    },
  });
}
