import 'reflect-metadata';
import { type Connection, pageArgs, toConnection } from '@spine/platform/graphql/connection';
import { Cursor } from '@spine/platform/graphql/scalars';
import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { listSubjects } from '../../store/subjects.ts';
import { listVersions } from '../../store/versions.ts';
import { loadLatest, loadNewest, loadSubject, loadSubjectOfDataset } from './loaders.ts';
import type { RegistryContext } from './registry-context.ts';
import {
  DatasetType,
  SchemaVersionConnection,
  SchemaVersionType,
  SubjectConnection,
  SubjectType,
  toSubjectType,
  toVersionType,
} from './subject-types.ts';

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
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => Cursor, { nullable: true }) after: string | null,
    @Ctx() context: RegistryContext,
  ): Promise<Connection<SubjectType>> {
    const page = pageArgs(first, after);
    const rows = await listSubjects(context.registry.database.kysely, {
      after: page.after?.[0],
      limit: page.limit,
    });
    return toConnection(page, rows, { node: toSubjectType, keyset: (subject) => [subject.name] });
  }

  @FieldResolver(() => DatasetType, { nullable: true, description: 'The dataset that it describes.' })
  dataset(@Root() subject: SubjectType): DatasetType | null {
    const { dataset } = subject.source;
    return dataset === null ? null : Object.assign(new DatasetType(), dataset);
  }

  @FieldResolver(() => SchemaVersionType, {
    nullable: true,
    description: 'The greatest version by semver.',
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
