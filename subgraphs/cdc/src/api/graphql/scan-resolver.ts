import { Problem } from '@spine/kernel/problem';
import { requireRole } from '@spine/platform/auth/authorise';
import {
  type Connection,
  type PageRequest,
  pageArgs,
  toConnection,
} from '@spine/platform/graphql/connection';
import { Forbidden, InvalidInput, NotFound, type UserError } from '@spine/platform/graphql/shared-types';
import { parseBody } from '@spine/platform/http/parse-body';
import DataLoader from 'dataloader';
import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { z } from 'zod';
import { listReviews } from '../../store/finding-reviews.ts';
import { countOpenFindings, type FindingStanding, findFinding, listFindings } from '../../store/findings.ts';
import { listScans } from '../../store/scans.ts';
import { reviewFinding } from '../../usecases/review-finding.ts';
import type { CdcContext } from './cdc-context.ts';
import {
  FindingConnection,
  FindingReviewed,
  FindingReviewType,
  FindingStateEnum,
  FindingType,
  ReviewFindingInput,
  ReviewFindingResult,
  ScanConnection,
  ScanNowInput,
  ScanNowResult,
  Scanned,
  type ScanType,
} from './scan-types.ts';
import { toFindingType, toScanType } from './to-scan.ts';

const key = z.string().min(1).max(200);
const findingId = z.string().regex(/^\d{1,18}$/, 'no finding has such an id');
const scanShape = z.object({ idempotencyKey: key });
const reviewShape = z.object({
  idempotencyKey: key,
  id: findingId,
  verdict: z.enum(['approved', 'rejected']),
  note: z.string().trim().min(1, 'say who answers for it, or why it must go').max(2_000),
});

/** What carries data away without being registered, and what people decide about it. */
@Resolver(() => FindingType)
export class ScanResolver {
  @Query(() => ScanConnection, { description: 'The scans of the last week, newest first.' })
  async scans(
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() context: CdcContext,
  ): Promise<Connection<ScanType>> {
    requireReader(context);
    const page = pageArgs(first, after);
    const scans = await listScans(context.database.kysely, { before: idBefore(page), limit: page.limit });
    return toConnection(page, scans, { node: toScanType, keyset: ({ id }) => [String(id)] });
  }

  @Query(() => FindingConnection, { description: 'What scans have found, newest first.' })
  async findings(
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Arg('state', () => FindingStateEnum, { nullable: true }) state: FindingStanding | null,
    @Ctx() context: CdcContext,
  ): Promise<Connection<FindingType>> {
    requireReader(context);
    const page = pageArgs(first, after);
    const findings = await listFindings(context.database.kysely, {
      before: idBefore(page),
      limit: page.limit,
      standing: state ?? null,
    });
    return toConnection(page, findings, { node: toFindingType, keyset: ({ id }) => [String(id)] });
  }

  @Query(() => FindingType, { nullable: true })
  async finding(@Arg('id', () => ID) id: string, @Ctx() context: CdcContext): Promise<FindingType | null> {
    requireReader(context);
    if (!findingId.safeParse(id).success) return null;
    const finding = await findFinding(context.database.kysely, BigInt(id));
    return finding === undefined ? null : toFindingType(finding);
  }

  @FieldResolver(() => [FindingReviewType], { description: 'Newest first; the newest holds.' })
  async reviews(@Root() finding: FindingType, @Ctx() context: CdcContext): Promise<FindingReviewType[]> {
    const loader = context.loaders.get(
      'findingReviews',
      () =>
        new DataLoader<string, FindingReviewType[]>(async (ids) => {
          const reviews = await listReviews(context.database.kysely, ids.map(BigInt));
          return ids.map((id) =>
            reviews
              .filter((review) => String(review.findingId) === id)
              .map(({ verdict, note, principal, at }) =>
                Object.assign(new FindingReviewType(), { verdict, note, by: principal, at }),
              ),
          );
        }),
    );
    return await loader.load(finding.id);
  }

  @Mutation(() => ScanNowResult, {
    description: 'Scans every source and sink now, beside the clock. Needs the role operator or security.',
  })
  async scanNow(
    @Arg('input', () => ScanNowInput) input: ScanNowInput,
    @Ctx() context: CdcContext,
  ): Promise<typeof ScanNowResult> {
    try {
      requireRole(context.principal, 'operator', 'security');
      const { idempotencyKey } = parseBody(scanShape, input);
      const scan = toScanType(await context.scanner.scan({ by: context.principal.id, idempotencyKey }));
      const openFindings = await countOpenFindings(context.database.kysely);
      return Object.assign(new Scanned(), { scan, openFindings });
    } catch (error) {
      const failure = failureOf(error);
      if (failure instanceof NotFound) throw error;
      return failure;
    }
  }

  @Mutation(() => ReviewFindingResult, {
    description: 'Records a verdict on a finding, with its reason. Needs the role security.',
  })
  async reviewFinding(
    @Arg('input', () => ReviewFindingInput) input: ReviewFindingInput,
    @Ctx() context: CdcContext,
  ): Promise<typeof ReviewFindingResult> {
    try {
      requireRole(context.principal, 'security');
      const { id, ...review } = parseBody(reviewShape, input);
      const finding = await reviewFinding(context, {
        ...review,
        id: BigInt(id),
        principal: context.principal.id,
      });
      return Object.assign(new FindingReviewed(), { finding: toFindingType(finding) });
    } catch (error) {
      return failureOf(error);
    }
  }
}

function requireReader({ principal }: CdcContext): void {
  requireRole(principal, 'viewer', 'operator', 'security', 'compliance', 'service');
}

function idBefore({ after }: PageRequest): bigint | null {
  const behind = after?.[0];
  return behind !== undefined && /^\d{1,18}$/.test(behind) ? BigInt(behind) : null;
}

function failureOf(error: unknown): NotFound | InvalidInput | Forbidden {
  if (!(error instanceof Problem)) throw error;
  const { code, message } = error;
  const path = error.path === undefined ? null : ['input', error.path];
  const fill = <T extends UserError>(failure: T): T => Object.assign(failure, { code, message, path });
  switch (code) {
    case 'FORBIDDEN':
      return fill(new Forbidden());
    case 'NOT_FOUND':
      return fill(new NotFound());
    case 'INPUT_INVALID':
    case 'CONFLICT':
      return fill(new InvalidInput());
    default:
      throw error;
  }
}
