import { connectionType } from '@spine/platform/graphql/connection';
import { DateTime, JSONValue } from '@spine/platform/graphql/scalars';
import { Forbidden, InvalidInput, NotFound } from '@spine/platform/graphql/shared-types';
import { createUnionType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Verdict } from '../../domain/scan/finding.ts';
import type { SightingKind } from '../../domain/scan/sighting.ts';
import type { EndpointRef } from '../../domain/scan/watched-endpoint.ts';
import type { FindingStanding } from '../../store/findings.ts';

/** GraphQL names of what a scan looks for. */
export const FindingKindEnum = {
  SLOT: 'slot',
  SLOT_READER: 'slot_reader',
  WALSENDER: 'walsender',
  PUBLICATION: 'publication',
  PUBLISHED_TABLE: 'published_table',
  SUBSCRIPTION: 'subscription',
  REPLICATION_ROLE: 'replication_role',
  FOREIGN_SERVER: 'foreign_server',
  USER_MAPPING: 'user_mapping',
  CONSUMER_GROUP: 'consumer_group',
  TOPIC_READER: 'topic_reader',
  UNOBSERVED: 'unobserved',
} as const satisfies Record<string, SightingKind>;
registerEnumType(FindingKindEnum, {
  name: 'FindingKind',
  description:
    'What was found. SLOT_READER is a stranger who reads a slot of ours, TOPIC_READER an ACL that lets somebody read topics of ours, UNOBSERVED what the scanner is not allowed to see.',
});

/** GraphQL names of how a finding stands. */
export const FindingStateEnum = {
  BASELINE: 'baseline',
  OPEN: 'open',
  REVIEWED: 'reviewed',
  GONE: 'gone',
} as const satisfies Record<string, FindingStanding>;
registerEnumType(FindingStateEnum, {
  name: 'FindingState',
  description:
    'BASELINE was there at first contact, OPEN came later and is nobody’s that we know, GONE is not there any more.',
});

/** GraphQL names of the kinds of endpoints. */
export const EndpointKindEnum = { SOURCE: 'source', SINK: 'sink' } as const satisfies Record<
  string,
  EndpointRef['kind']
>;
registerEnumType(EndpointKindEnum, { name: 'EndpointKind' });

/** GraphQL names of verdicts. */
export const FindingVerdictEnum = { APPROVED: 'approved', REJECTED: 'rejected' } as const satisfies Record<
  string,
  Verdict
>;
registerEnumType(FindingVerdictEnum, {
  name: 'FindingVerdict',
  description: 'APPROVED is left alone; REJECTED is cut off where quarantine is enforced.',
});

@ObjectType({ description: 'A step of quarantine, and how it went.' })
export class FindingStepReport {
  @Field(() => String)
  step!: string;

  @Field(() => Boolean)
  done!: boolean;

  @Field(() => String, { nullable: true, description: 'Why it was not done.' })
  reason!: string | null;
}

@ObjectType({ description: 'What somebody decided about a finding, and why.' })
export class FindingReviewType {
  @Field(() => FindingVerdictEnum)
  verdict!: Verdict;

  @Field(() => String)
  note!: string;

  @Field(() => String)
  by!: string;

  @Field(() => DateTime)
  at!: Date;
}

@ObjectType('Finding', {
  description:
    'Something that carries data away, or could, and that neither a route nor spine.yaml answers for.',
})
export class FindingType {
  @Field(() => ID)
  id!: string;

  @Field(() => FindingKindEnum)
  kind!: SightingKind;

  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'The server or database that it lives in.' })
  place!: string;

  @Field(() => EndpointKindEnum, { description: 'Whether it was first seen at a source or at a sink.' })
  endpointKind!: EndpointRef['kind'];

  @Field(() => String)
  endpoint!: string;

  @Field(() => FindingStateEnum)
  state!: FindingStanding;

  @Field(() => FindingVerdictEnum, { nullable: true })
  verdict!: Verdict | null;

  @Field(() => JSONValue, { description: 'What the server tells of it, when it was last seen.' })
  details!: unknown;

  @Field(() => DateTime)
  firstSeen!: Date;

  @Field(() => DateTime)
  lastSeen!: Date;

  @Field(() => DateTime, { nullable: true })
  goneAt!: Date | null;

  @Field(() => [String], { description: 'What quarantine does about it where it is enforced.' })
  quarantineSteps!: readonly string[];

  @Field(() => DateTime, { nullable: true, description: 'When quarantine last acted.' })
  actedAt!: Date | null;

  @Field(() => [FindingStepReport])
  reports!: FindingStepReport[];
}

/** `findings(first, after, state)`, newest first. */
export const FindingConnection = connectionType(FindingType, 'Finding');

@ObjectType({ description: 'What could not be observed.' })
export class ScanBlindSpot {
  @Field(() => FindingKindEnum, { nullable: true, description: 'Null for all of it.' })
  kind!: SightingKind | null;

  @Field(() => String)
  reason!: string;
}

@ObjectType({ description: 'What a scan saw of one source or sink.' })
export class EndpointScanType {
  @Field(() => EndpointKindEnum)
  kind!: EndpointRef['kind'];

  @Field(() => String)
  name!: string;

  @Field(() => Int, { description: 'What was seen that is not registered, known findings included.' })
  sightings!: number;

  @Field(() => [ScanBlindSpot], { description: 'Unverified: not known to be clean.' })
  unobserved!: ScanBlindSpot[];
}

@ObjectType('Scan', { description: 'One look at every registered source and sink.' })
export class ScanType {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { nullable: true, description: 'Null when it was its time.' })
  requestedBy!: string | null;

  @Field(() => DateTime)
  startedAt!: Date;

  @Field(() => DateTime)
  finishedAt!: Date;

  @Field(() => Int, { description: 'Findings that it opened.' })
  opened!: number;

  @Field(() => [EndpointScanType])
  endpoints!: EndpointScanType[];
}

/** `scans(first, after)`, newest first. */
export const ScanConnection = connectionType(ScanType, 'Scan');

@InputType()
export class ScanNowInput {
  @Field(() => String, { description: 'The same key again gets the same answer.' })
  idempotencyKey!: string;
}

@ObjectType()
export class Scanned {
  @Field(() => ScanType)
  scan!: ScanType;

  @Field(() => Int, { description: 'Findings that are there and open, or rejected.' })
  openFindings!: number;
}

export const ScanNowResult = createUnionType({
  name: 'ScanNowResult',
  types: () => [Scanned, InvalidInput, Forbidden] as const,
});

@InputType()
export class ReviewFindingInput {
  @Field(() => String, { description: 'The same key again gets the same answer.' })
  idempotencyKey!: string;

  @Field(() => ID)
  id!: string;

  @Field(() => FindingVerdictEnum)
  verdict!: Verdict;

  @Field(() => String, { description: 'Who answers for it, or why it must go; kept.' })
  note!: string;
}

@ObjectType()
export class FindingReviewed {
  @Field(() => FindingType)
  finding!: FindingType;
}

export const ReviewFindingResult = createUnionType({
  name: 'ReviewFindingResult',
  types: () => [FindingReviewed, NotFound, InvalidInput, Forbidden] as const,
});
