import 'reflect-metadata';
import { connectionType } from '@spine/platform/graphql/connection';
import { JSONValue } from '@spine/platform/graphql/scalars';
import { Field, ObjectType } from 'type-graphql';
import { renderChangelogMarkdown } from '../../domain/changelog/render-markdown.ts';
import type { ChangeKind, SchemaChange } from '../../domain/changelog/schema-change.ts';
import type { Direction } from '../../domain/check-report.ts';
import type { PartKind } from '../../domain/outline/schema-part.ts';
import type { LoggedVersion } from '../../store/changelog.ts';
import { DirectionEnum, SchemaChangeKindEnum, SchemaPartEnum } from './enums.ts';
import { AffectedUsageType } from './usage-types.ts';
import { SchemaVersionType, toVersionType } from './version-types.ts';

/** A breach that comes of a change. */
@ObjectType('ChangeBreach', { description: 'A breach that comes of a change.' })
export class ChangeBreachType {
  @Field(() => DirectionEnum)
  direction!: Direction;

  @Field(() => String)
  kind!: string;

  @Field(() => String)
  path!: string;

  @Field(() => String)
  message!: string;
}

/** One difference between a version and the one before it. */
@ObjectType('SchemaChange', { description: 'One difference between a version and the one that it follows.' })
export class SchemaChangeType {
  @Field(() => SchemaChangeKindEnum)
  kind!: ChangeKind;

  @Field(() => SchemaPartEnum)
  part!: PartKind;

  @Field(() => String, {
    description: 'The part for people, such as `shop.Order.email`; of a tag the path of its field.',
  })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'JSON pointer into the new schema; null where the part is gone.',
  })
  path!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'JSON pointer into the old schema; null where the part is new.',
  })
  oldPath!: string | null;

  @Field(() => JSONValue, { nullable: true })
  before!: unknown;

  @Field(() => JSONValue, { nullable: true })
  after!: unknown;

  @Field(() => [DirectionEnum], { description: 'Who is broken by it; empty if nobody is.' })
  breaks!: readonly Direction[];

  @Field(() => [ChangeBreachType])
  breaches!: readonly ChangeBreachType[];
}

/** A version with what changed by it. */
@ObjectType('ChangelogEntry', { description: 'A version with what changed by it.' })
export class ChangelogEntryType {
  @Field(() => SchemaVersionType)
  version!: SchemaVersionType;

  @Field(() => [SchemaChangeType], {
    nullable: true,
    description: 'Null for the first version, and for those published before changes were kept.',
  })
  changes!: readonly SchemaChangeType[] | null;

  @Field(() => [AffectedUsageType], {
    description: 'Who breaks by it, of those who were registered when it was published.',
  })
  affected!: readonly AffectedUsageType[];

  @Field(() => String, { description: 'The same for people, as Markdown.' })
  markdown!: string;
}

/** A page of a changelog. */
export const ChangelogConnection = connectionType(ChangelogEntryType, 'ChangelogEntry');

/** An entry of a changelog as the graph shows it. */
export function toChangelogEntryType({ version, diff: changes }: LoggedVersion): ChangelogEntryType {
  const { affected } = version.report;
  return Object.assign(new ChangelogEntryType(), {
    version: toVersionType(version),
    changes: changes?.map(toChangeType) ?? null,
    affected: [...affected],
    markdown: renderChangelogMarkdown([{ version, changes, affected }]),
  });
}

/** A change as the graph shows it. */
export function toChangeType(change: SchemaChange): SchemaChangeType {
  const { path = null, oldPath = null, before = null, after = null, ...rest } = change;
  return Object.assign(new SchemaChangeType(), { ...rest, path, oldPath, before, after });
}
