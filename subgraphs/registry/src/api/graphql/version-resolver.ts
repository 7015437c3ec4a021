import 'reflect-metadata';
import { invariant } from '@spine/kernel/invariant';
import { Problem } from '@spine/kernel/problem';
import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { tagsAt } from '../../domain/governance-change.ts';
import { parseVersionKey } from '../../domain/subject-version.ts';
import { deploymentOf } from '../../usecases/deployment-of.ts';
import { diffVersions } from '../../usecases/diff-versions.ts';
import { SchemaChangeType, toChangeType } from './changelog-types.ts';
import { loadChanges, loadSchema, loadText, loadVersion } from './loaders.ts';
import type { RegistryContext } from './registry-context.ts';
import { findSubjectType } from './subject-resolver.ts';
import { SubjectType } from './subject-types.ts';
import { DeploymentType } from './usage-types.ts';
import { SchemaFieldType, SchemaVersionType, toVersionType } from './version-types.ts';

/** Versions and what is read out of their schemas. */
@Resolver(() => SchemaVersionType)
export class SchemaVersionResolver {
  @Query(() => SchemaVersionType, { nullable: true })
  async schemaVersion(
    @Arg('id', () => ID) id: string,
    @Ctx() context: RegistryContext,
  ): Promise<SchemaVersionType | null> {
    return await findVersionType(context, id);
  }

  @FieldResolver(() => String, { description: 'The text as it was published.' })
  async schema(@Root() version: SchemaVersionType, @Ctx() context: RegistryContext): Promise<string> {
    return await textOf(version, context);
  }

  @FieldResolver(() => [SchemaFieldType], { description: 'In the order of the schema, nested ones too.' })
  async fields(
    @Root() version: SchemaVersionType,
    @Ctx() context: RegistryContext,
  ): Promise<readonly SchemaFieldType[]> {
    const { fields } = await loadSchema(context, version.source);
    return fields.map(({ path, type }) =>
      Object.assign(new SchemaFieldType(), { path, type, tags: tagsAt(version.source.tags, path) }),
    );
  }

  @FieldResolver(() => [SchemaChangeType], {
    nullable: true,
    description: 'What changed since the version that it follows; null where it follows none.',
  })
  async changes(
    @Root() version: SchemaVersionType,
    @Ctx() context: RegistryContext,
  ): Promise<readonly SchemaChangeType[] | null> {
    const changes = await loadChanges(context, version.source);
    return changes?.map(toChangeType) ?? null;
  }

  @FieldResolver(() => [SchemaChangeType], {
    nullable: true,
    description:
      'What lies between another version of the subject and this one; null if there is no such version.',
  })
  async diff(
    @Root() { source }: SchemaVersionType,
    @Arg('from', () => String, { description: '`latest`, a position or a semver.' }) from: string,
    @Ctx() { registry }: RegistryContext,
  ): Promise<readonly SchemaChangeType[] | null> {
    const names = { from, to: String(source.version) };
    try {
      return (await diffVersions(registry, source.subject, names)).changes.map(toChangeType);
    } catch (error) {
      if (error instanceof Problem && error.code === 'VERSION_NOT_FOUND') return null;
      throw error;
    }
  }

  @FieldResolver(() => DeploymentType, {
    description: 'Whether it may be counted on by all who use its subject.',
  })
  async deployment(
    @Root() version: SchemaVersionType,
    @Ctx() { registry }: RegistryContext,
  ): Promise<DeploymentType> {
    return Object.assign(new DeploymentType(), await deploymentOf(registry, version.source));
  }

  @FieldResolver(() => SubjectType)
  async subject(
    @Root() version: SchemaVersionType,
    @Ctx() context: RegistryContext,
  ): Promise<SubjectType | null> {
    return await findSubjectType(context, version.source.subject);
  }
}

/** A version as the graph shows it, or null for a key that names none. */
export async function findVersionType(
  context: RegistryContext,
  id: string,
): Promise<SchemaVersionType | null> {
  const key = parseVersionKey(id);
  const version = key === undefined ? null : await loadVersion(context, key);
  return version === null ? null : toVersionType(version);
}

async function textOf(version: SchemaVersionType, context: RegistryContext): Promise<string> {
  const text = await loadText(context, version.source.schemaId);
  invariant(text !== null, `the content of schema ${version.source.schemaId} is stored`);
  return text;
}
