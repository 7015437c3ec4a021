import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import { type Association, lifecycles } from '../domain/confluent/association.ts';
import type { ConfluentTables } from './confluent-tables.ts';
import type { RegistryTables } from './registry-tables.ts';

type Db = Kysely<RegistryTables> | Transaction<RegistryTables>;

/** What associations are asked for by; what is absent says nothing. */
export interface AssociationFilter {
  readonly subject?: string;
  readonly resourceId?: string;
  readonly resourceName?: string;
  readonly resourceNamespace?: string;
  readonly resourceType?: string;
  readonly associationTypes?: readonly string[];
  readonly lifecycle?: string;
}

/** The associations that a filter lets through, in the order of their resources and types. */
export async function listAssociations(db: Db, filter: AssociationFilter): Promise<readonly Association[]> {
  const { subject, resourceId, resourceName, resourceNamespace, resourceType, associationTypes, lifecycle } =
    filter;
  const rows = await tables(db)
    .selectFrom('confluent_association')
    .select([
      'subject',
      'guid',
      'resource_id',
      'resource_type',
      'resource_name',
      'resource_namespace',
      'association_type',
      'lifecycle',
      'frozen',
    ])
    .$if(subject !== undefined, (query) => query.where('subject', '=', subject ?? ''))
    .$if(resourceId !== undefined, (query) => query.where('resource_id', '=', resourceId ?? ''))
    .$if(resourceName !== undefined, (query) => query.where('resource_name', '=', resourceName ?? ''))
    // A dash stands for any namespace.
    .$if(resourceNamespace !== undefined && resourceNamespace !== '-', (query) =>
      query.where('resource_namespace', '=', resourceNamespace ?? ''),
    )
    .$if(resourceType !== undefined, (query) => query.where('resource_type', '=', resourceType ?? ''))
    .$if(associationTypes !== undefined && associationTypes.length > 0, (query) =>
      query.where('association_type', 'in', associationTypes ?? []),
    )
    .$if(lifecycle !== undefined, (query) => query.where('lifecycle', '=', lifecycle ?? ''))
    .orderBy('resource_id')
    .orderBy('association_type')
    .execute();
  return rows.map((row) => ({
    subject: row.subject,
    guid: row.guid,
    resourceName: row.resource_name,
    resourceNamespace: row.resource_namespace,
    resourceId: row.resource_id,
    resourceType: row.resource_type,
    associationType: row.association_type,
    lifecycle: z.enum(lifecycles).parse(row.lifecycle),
    frozen: row.frozen,
  }));
}

/** Stores an association in place of the one of the same part of its resource. */
export async function putAssociation(db: Db, association: Omit<Association, 'guid'>): Promise<void> {
  const values = {
    subject: association.subject,
    lifecycle: association.lifecycle,
    frozen: association.frozen,
    resource_name: association.resourceName,
    resource_namespace: association.resourceNamespace,
  };
  await tables(db)
    .insertInto('confluent_association')
    .values({
      context: '.',
      resource_id: association.resourceId,
      resource_type: association.resourceType,
      association_type: association.associationType,
      ...values,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['context', 'resource_id', 'resource_type', 'association_type'])
        .doUpdateSet({ ...values, updated_at: new Date() }),
    )
    .execute();
}

/** Removes one association. */
export async function deleteAssociation(db: Db, { guid }: Association): Promise<void> {
  await tables(db).deleteFrom('confluent_association').where('guid', '=', guid).execute();
}

function tables(db: Db) {
  return db.withTables<ConfluentTables>();
}
