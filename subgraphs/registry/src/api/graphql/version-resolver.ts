import 'reflect-metadata';
import { invariant } from '@spine/kernel/invariant';
import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { tagsAt } from '../../domain/governance-change.ts';
import { parseVersionKey } from '../../domain/subject-version.ts';
import { loadText, loadVersion } from './loaders.ts';
import type { RegistryContext } from './registry-context.ts';
import { findSubjectType } from './subject-resolver.ts';
import { SchemaFieldType, SchemaVersionType, SubjectType, toVersionType } from './subject-types.ts';

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
    const { digest, schemaType, tags } = version.source;
    const { schemas } = context.registry;
    const schema =
      schemas.find(digest) ?? schemas.parse({ type: schemaType, text: await textOf(version, context) });
    return schema.fields.map(({ path, type }) =>
      Object.assign(new SchemaFieldType(), { path, type, tags: tagsAt(tags, path) }),
    );
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
