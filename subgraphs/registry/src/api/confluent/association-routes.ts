import { z } from 'zod';
import {
  type Association,
  associationTypes,
  invalidAssociation,
  lifecycles,
  type Resource,
} from '../../domain/confluent/association.ts';
import { ConfluentError } from '../../domain/confluent/confluent-error.ts';
import type { ConfluentManners } from '../../domain/confluent/confluent-release.ts';
import { joinSubject, qualifySubject } from '../../domain/confluent/qualified-subject.ts';
import { type AssociationFilter, listAssociations } from '../../store/confluent-associations.ts';
import { associate, dissociate, type Tie } from '../../usecases/confluent/associate.ts';
import type { RegistryDeps } from '../../usecases/registry-deps.ts';
import { readBody, schemaShape, wholeSchema } from './body.ts';
import type { Call } from './call.ts';
import { toErrorAnswer } from './error-body.ts';
import type { AddRoute } from './route.ts';

const tieShape = z.object({
  subject: z.string().nullish(),
  associationType: z.string().nullish(),
  lifecycle: z.string().nullish(),
  frozen: z.boolean().nullish(),
  schema: schemaShape.nullish(),
  normalize: z.boolean().nullish(),
  /** In a batch only: what is to be done. */
  operation: z.string().nullish(),
});

const resourceShape = z.object({
  resourceName: z.string().nullish(),
  resourceNamespace: z.string().nullish(),
  resourceId: z.string().nullish(),
  resourceType: z.string().nullish(),
  associations: z.array(tieShape).nullish(),
  associationTypes: z.array(z.string()).nullish(),
  lifecycle: z.string().nullish(),
});

type ResourceBody = z.output<typeof resourceShape>;

const batchShape = z.object({ requests: z.array(resourceShape).nullish() });

/** Which subjects describe which topics. */
export function addAssociationRoutes(add: AddRoute, deps: RegistryDeps, manners: ConfluentManners): void {
  if (!manners.associations) return;
  const db = deps.database.kysely;
  const filterOf = (call: Call): AssociationFilter => ({
    resourceType: call.word('resourceType') || defaultType,
    associationTypes: call.words('associationType'),
    ...(call.word('lifecycle') !== undefined && { lifecycle: call.word('lifecycle')?.toUpperCase() ?? '' }),
  });
  const tie = async (call: Call, body: ResourceBody, isCreateOnly: boolean) => {
    const dryRun = call.flag('dryRun');
    const resource = resourceOf(body, dryRun);
    const { incompatibleCode } = manners;
    const terms = { isCreateOnly, dryRun, by: call.by, incompatibleCode };
    return toResponse(resource, await associate(deps, resource, tiesOf(call, body, resource), terms));
  };
  const untie = (call: Call, resourceId: string, filter: AssociationFilter) =>
    dissociate(deps, resourceId, filter, {
      cascade: call.flag('cascadeLifecycle'),
      dryRun: call.flag('dryRun'),
      by: call.by,
    });

  add('GET', '/associations/subjects/:subject', async (call) =>
    call.page(await listAssociations(db, { subject: call.subject(), ...filterOf(call) })),
  );
  add('GET', '/associations/resources/:resourceId', async (call) =>
    call.page(await listAssociations(db, { resourceId: call.part('resourceId'), ...filterOf(call) })),
  );
  add('GET', '/associations/resources/:resourceId/:resourceName', async (call) => {
    const named = { resourceNamespace: call.part('resourceId'), resourceName: call.part('resourceName') };
    return call.page(await listAssociations(db, { ...named, ...filterOf(call) }));
  });
  add('POST', '/associations', (call) => tie(call, readBody(resourceShape, call.body), true), {
    role: 'publisher',
  });
  add(
    'PUT',
    '/associations/resources/:resourceId',
    (call) => {
      const body = readBody(resourceShape, call.body);
      const resourceId = call.part('resourceId');
      if ((body.resourceId ?? resourceId) !== resourceId) {
        throw invalidAssociation('resourceId', 'it is not the one of the path');
      }
      return tie(call, { ...body, resourceId }, false);
    },
    { role: 'publisher' },
  );
  add(
    'DELETE',
    '/associations/resources/:resourceId',
    (call) => untie(call, call.part('resourceId'), filterOf(call)),
    { role: 'steward' },
  );
  add('POST', '/associations::batchGet', (call) =>
    inBatch(call, async (request) => {
      const found = await listAssociations(db, batchFilter(request));
      const [first] = found;
      return first === undefined ? {} : toResponse(first, found);
    }),
  );
  add(
    'POST',
    '/associations::batchMutate',
    (call) =>
      inBatch(call, async (request) => {
        const removed = (request.associations ?? []).filter(({ operation }) =>
          isOperation(operation, 'DELETE'),
        );
        const kept = (request.associations ?? []).filter(
          ({ operation }) => !isOperation(operation, 'DELETE'),
        );
        if (removed.length > 0) {
          if (!call.isSteward) throw new ConfluentError(403, 40301, 'only a steward may delete associations');
          const types = removed.flatMap(({ associationType }) => associationType ?? []);
          await untie(call, request.resourceId ?? '', { ...batchFilter(request), associationTypes: types });
        }
        if (kept.length === 0)
          return toResponse(resourceOf({ ...request, associations: removed }, false), []);
        const isCreateOnly = kept.every(({ operation }) => isOperation(operation, 'CREATE'));
        return await tie(call, { ...request, associations: kept }, isCreateOnly);
      }),
    { role: 'publisher' },
  );
}

const defaultType = 'topic';

/** Does each request of a batch for itself: one that fails does not take the others with it. */
async function inBatch(call: Call, run: (request: ResourceBody) => Promise<object>): Promise<object> {
  const { requests } = readBody(batchShape, call.body);
  if (requests == null || requests.length === 0)
    throw invalidAssociation('requests', 'cannot be null or empty');
  if (requests.length > maxBatch) throw invalidAssociation('requests', `no more than ${maxBatch} at once`);
  const results = [];
  for (const request of requests) {
    try {
      results.push({ result: await run(request) });
    } catch (error) {
      const { body, status } = toErrorAnswer(error);
      if (status >= 500) throw error;
      results.push({ error: body });
    }
  }
  return { results };
}

const maxBatch = 100;

function isOperation(word: string | null | undefined, operation: string): boolean {
  return word?.toUpperCase() === operation;
}

function batchFilter(request: ResourceBody): AssociationFilter {
  const { resourceId, resourceName, resourceNamespace, lifecycle } = request;
  return {
    resourceType: request.resourceType || defaultType,
    associationTypes: request.associationTypes ?? [],
    ...(resourceId != null && { resourceId }),
    ...(resourceName != null && { resourceName }),
    ...(resourceNamespace != null && { resourceNamespace }),
    ...(lifecycle != null && { lifecycle: lifecycle.toUpperCase() }),
  };
}

function resourceOf(body: ResourceBody, dryRun: boolean): Resource {
  const { resourceName, resourceNamespace, resourceId, resourceType } = body;
  if (!resourceName) throw invalidAssociation('resourceName', 'cannot be null or empty');
  if (!resourceNamespace) throw invalidAssociation('resourceNamespace', 'cannot be null or empty');
  if (!resourceId && !dryRun) throw invalidAssociation('resourceId', 'cannot be null or empty');
  if (resourceType && resourceType !== defaultType)
    throw invalidAssociation('resourceType', "must be 'topic'");
  return { resourceName, resourceNamespace, resourceId: resourceId ?? '', resourceType: defaultType };
}

function tiesOf(call: Call, { associations }: ResourceBody, resource: Resource): readonly Tie[] {
  if (associations == null || associations.length === 0) {
    throw invalidAssociation('associations', 'cannot be null or empty');
  }
  return associations.map((asked) => {
    const associationType = associationTypes.find((type) => type === (asked.associationType ?? 'value'));
    if (associationType === undefined)
      throw invalidAssociation('associationType', "must be 'key' or 'value'");
    const lifecycle = lifecycles.find((each) => each === asked.lifecycle?.toUpperCase());
    if (asked.lifecycle != null && lifecycle === undefined) {
      throw invalidAssociation('lifecycle', 'must be STRONG or WEAK');
    }
    const ownSubject = joinSubject({
      context: `.${resource.resourceNamespace}`,
      subject: `${resource.resourceName}-${associationType}`,
    });
    return {
      subject: asked.subject == null ? ownSubject : qualifySubject(asked.subject, call.context),
      associationType,
      lifecycle,
      frozen: asked.frozen ?? undefined,
      handed: asked.schema == null ? undefined : wholeSchema(asked.schema),
      normalize: asked.normalize ?? undefined,
    };
  });
}

function toResponse(
  { resourceName, resourceNamespace, resourceId, resourceType }: Resource,
  tied: readonly Association[],
) {
  return {
    resourceName,
    resourceNamespace,
    resourceId,
    resourceType,
    associations: tied.map(({ subject, guid, associationType, lifecycle, frozen }) => ({
      subject,
      ...(guid !== '' && { guid }),
      associationType,
      lifecycle,
      frozen,
    })),
  };
}
