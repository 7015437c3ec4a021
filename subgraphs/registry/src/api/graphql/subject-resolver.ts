import 'reflect-metadata';
import { type Connection, pageArgs, toConnection } from '@spine/platform/graphql/connection';
import { Cursor } from '@spine/platform/graphql/scalars';
import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { CompatibilityLevel } from '../../domain/compatibility-level.ts';
import type { UsageRole } from '../../domain/usage.ts';
import { listSubjects } from '../../store/subjects.ts';
import { listVersions } from '../../store/versions.ts';
import { describeVersion } from '../../usecases/describe-version.ts';
import { lintSchema } from '../../usecases/lint-schema.ts';
import { listChangelog } from '../../usecases/list-changelog.ts';
import { ChangelogConnection, type ChangelogEntryType, toChangelogEntryType } from './changelog-types.ts';
import { CompatibilityLevelEnum } from './enums.ts';
import {
  loadLatest,
  loadLevel,
  loadNewest,
  loadNewestLogged,
  loadSchema,
  loadSubject,
  loadSubjectOfDataset,
  loadUsages,
} from './loaders.ts';
import type { RegistryContext } from './registry-context.ts';
import { LintFindingType, toFindingType } from './review-types.ts';
import { DatasetType, SubjectConnection, SubjectType, toSubjectType } from './subject-types.ts';
import { UsageType } from './usage-types.ts';
import { SchemaVersionConnection, SchemaVersionType, toVersionType } from './version-types.ts';

/** A version that is deprecated and older than so many others is nobody's news. */
const newestLookedAt = 500;

/** Subjects and what hangs on them. Whoever is known may read. */
@Resolver(() => SubjectType)
export class SubjectResolver {
  @Query(() => SubjectType, { nullable: true })
  async subject(
    @Arg('name', () => ID) name: string,
    @Ctx() context: RegistryContext,
  ): Promise<SubjectType | null> {
    return await findSubjectType(context, name);
  }

  @Query(() => SubjectConnection, { description: 'Every subject, by name.' })
  async subjects(
    @Arg('prefix', () => String, { nullable: true, description: 'Only names that begin so.' })
    prefix: string | null,
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => Cursor, { nullable: true }) after: string | null,
    @Ctx() context: RegistryContext,
  ): Promise<Connection<SubjectType>> {
    const page = pageArgs(first, after);
    const rows = await listSubjects(context.registry.database.kysely, {
      after: page.after?.[0],
      limit: page.limit,
      prefix: prefix ?? '',
    });
    return toConnection(page, rows, { node: toSubjectType, keyset: (subject) => [subject.name] });
  }

  @FieldResolver(() => CompatibilityLevelEnum)
  async level(@Root() subject: SubjectType, @Ctx() context: RegistryContext): Promise<CompatibilityLevel> {
    return await loadLevel(context, subject.source);
  }

  @FieldResolver(() => DatasetType, { nullable: true, description: 'The dataset that it describes.' })
  dataset(@Root() subject: SubjectType): DatasetType | null {
    const { dataset } = subject.source;
    return dataset === null ? null : Object.assign(new DatasetType(), dataset);
  }

  @FieldResolver(() => SchemaVersionType, {
    nullable: true,
    description: 'The greatest live version by semver that is no pre-release.',
  })
  async latest(
    @Root() subject: SubjectType,
    @Ctx() context: RegistryContext,
  ): Promise<SchemaVersionType | null> {
    const version = await loadLatest(context, subject.name);
    return version === null ? null : toVersionType(version);
  }

  @FieldResolver(() => SchemaVersionConnection, { description: 'Newest first.' })
  async versions(
    @Root() subject: SubjectType,
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => Cursor, { nullable: true }) after: string | null,
    @Ctx() context: RegistryContext,
  ): Promise<Connection<SchemaVersionType>> {
    const page = pageArgs(first, after);
    const [behind] = page.after ?? [];
    const rows =
      behind === undefined
        ? await loadNewest(context, subject.name, page.limit)
        : await listVersions(context.registry.database.kysely, subject.name, {
            before: Number.parseInt(behind, 10) || 0,
            limit: page.limit,
          });
    return toConnection(page, rows, {
      node: toVersionType,
      keyset: (version) => [String(version.version)],
    });
  }

  @FieldResolver(() => [UsageType], { description: 'Who writes its data.' })
  async producers(
    @Root() subject: SubjectType,
    @Ctx() context: RegistryContext,
  ): Promise<readonly UsageType[]> {
    return await usagesOf(context, subject, 'PRODUCER');
  }

  @FieldResolver(() => [UsageType], { description: 'Who reads its data.' })
  async consumers(
    @Root() subject: SubjectType,
    @Ctx() context: RegistryContext,
  ): Promise<readonly UsageType[]> {
    return await usagesOf(context, subject, 'CONSUMER');
  }

  @FieldResolver(() => [SchemaVersionType], {
    description: `Those of its newest ${newestLookedAt} versions that should no longer be used.`,
  })
  async deprecations(
    @Root() subject: SubjectType,
    @Ctx() context: RegistryContext,
  ): Promise<readonly SchemaVersionType[]> {
    const versions = await loadNewest(context, subject.name, newestLookedAt);
    return versions.filter(({ state }) => state.deprecation !== null).map(toVersionType);
  }

  @FieldResolver(() => ChangelogConnection, {
    description: 'What each version brought, newest first; deleted and rolled back ones, too.',
  })
  async changelog(
    @Root() subject: SubjectType,
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => Cursor, { nullable: true }) after: string | null,
    @Ctx() context: RegistryContext,
  ): Promise<Connection<ChangelogEntryType>> {
    const page = pageArgs(first, after);
    const [behind] = page.after ?? [];
    const logged =
      behind === undefined
        ? await loadNewestLogged(context, subject.name, page.limit)
        : await listChangelog(context.registry, subject.name, {
            before: Number.parseInt(behind, 10) || 0,
            limit: page.limit,
          });
    return toConnection(page, logged, {
      node: toChangelogEntryType,
      keyset: ({ version }) => [String(version.version)],
    });
  }

  @FieldResolver(() => [LintFindingType], { description: 'What the rules have against its latest version.' })
  async lint(
    @Root() { name }: SubjectType,
    @Ctx() context: RegistryContext,
  ): Promise<readonly LintFindingType[]> {
    const { registry } = context;
    const latest = await loadLatest(context, name);
    if (latest === null) return [];
    const schema = await loadSchema(context, latest);
    const { source } = await describeVersion(registry.database.kysely, registry.schemas, {
      version: latest,
      schema,
    });
    const { type, text, references } = source;
    return (await lintSchema(registry, { subject: name, type, text, references })).map(toFindingType);
  }
}

async function usagesOf(
  context: RegistryContext,
  { name }: SubjectType,
  role: UsageRole,
): Promise<readonly UsageType[]> {
  const usages = await loadUsages(context, name);
  return usages.filter((usage) => usage.role === role).map((usage) => Object.assign(new UsageType(), usage));
}

/** The subject of a dataset. */
@Resolver(() => DatasetType)
export class DatasetResolver {
  @FieldResolver(() => SubjectType, { nullable: true, description: 'The subject that describes it.' })
  async subject(@Root() dataset: DatasetType, @Ctx() context: RegistryContext): Promise<SubjectType | null> {
    const { namespace, name } = dataset;
    const subject = await loadSubjectOfDataset(context, { namespace, name });
    return subject === null ? null : toSubjectType(subject);
  }
}

/** A subject as the graph shows it, or null. */
export async function findSubjectType(context: RegistryContext, name: string): Promise<SubjectType | null> {
  const subject = await loadSubject(context, name);
  return subject === null ? null : toSubjectType(subject);
}
