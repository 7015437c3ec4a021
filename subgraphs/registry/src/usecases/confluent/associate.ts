import {
  type Association,
  type AssociationWish,
  associationNotFound,
  frozenAssociation,
  noLiveVersion,
  type Resource,
  settleAssociation,
} from '../../domain/confluent/association.ts';
import {
  type AssociationFilter,
  deleteAssociation,
  listAssociations,
  putAssociation,
} from '../../store/confluent-associations.ts';
import { findLastRegistered } from '../../store/confluent-versions.ts';
import type { RegistryDeps } from '../registry-deps.ts';
import { deleteRegisteredSubject } from './delete-registered.ts';
import type { HandedSchema } from './read-candidate.ts';
import { registerSchema } from './register-schema.ts';

/** A wish that may bring the schema of its subject along. */
export interface Tie extends AssociationWish {
  readonly handed: HandedSchema | undefined;
  readonly normalize: boolean | undefined;
}

interface Terms {
  readonly isCreateOnly: boolean;
  readonly dryRun: boolean;
  readonly by: string;
  readonly incompatibleCode: number;
}

/** Ties subjects to a resource, all or none of what is wished unless a schema is refused on the way; answers with what is tied. */
export async function associate(
  deps: RegistryDeps,
  resource: Resource,
  ties: readonly Tie[],
  { isCreateOnly, dryRun, by, incompatibleCode }: Terms,
): Promise<readonly Association[]> {
  const db = deps.database.kysely;
  const current = await listAssociations(db, {
    resourceId: resource.resourceId,
    resourceType: resource.resourceType,
  });
  const settled: Omit<Association, 'guid'>[] = [];
  for (const tie of ties) {
    const known = current.find(({ associationType }) => associationType === tie.associationType);
    const ofSubject = await listAssociations(db, { subject: tie.subject });
    settled.push(settleAssociation(tie, resource, known, ofSubject, { isCreateOnly }));
    if (tie.handed === undefined && (await findLastRegistered(db, tie.subject)) === undefined) {
      throw noLiveVersion(tie.subject);
    }
  }
  if (dryRun) return settled.map((each) => ({ ...each, guid: '' }));
  for (const { subject, handed, normalize } of ties) {
    if (handed === undefined) continue;
    const terms = { id: undefined, version: undefined, force: false, profile: undefined };
    await registerSchema(deps, { subject, handed, normalize, registeredBy: by, ...terms }, incompatibleCode);
  }
  await db.transaction().execute(async (trx) => {
    for (const association of settled) await putAssociation(trx, association);
  });
  const types = settled.map(({ associationType }) => associationType);
  return await listAssociations(db, {
    resourceId: resource.resourceId,
    resourceType: resource.resourceType,
    associationTypes: types,
  });
}

/** Unties subjects from a resource; with `cascade` those that were tied strongly are deleted. Throws 40410 where none is tied. */
export async function dissociate(
  deps: RegistryDeps,
  resourceId: string,
  filter: Pick<AssociationFilter, 'resourceType' | 'associationTypes'>,
  { cascade, dryRun, by }: { readonly cascade: boolean; readonly dryRun: boolean; readonly by: string },
): Promise<void> {
  const tied = await listAssociations(deps.database.kysely, { resourceId, ...filter });
  if (tied.length === 0) throw associationNotFound(resourceId);
  const frozen = tied.find((each) => each.frozen && !cascade);
  if (frozen !== undefined) throw frozenAssociation(frozen);
  if (dryRun) return;
  for (const association of tied) {
    const { subject, lifecycle } = association;
    await deleteAssociation(deps.database.kysely, association);
    const isLive = (await findLastRegistered(deps.database.kysely, subject)) !== undefined;
    if (cascade && lifecycle === 'STRONG' && isLive) {
      await deleteRegisteredSubject(deps, subject, { permanent: false, by });
    }
  }
}
