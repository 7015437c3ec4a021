import { ConfluentError } from './confluent-error.ts';

/** What becomes of a subject when its resource goes: a STRONG one goes with it. */
export const lifecycles = ['STRONG', 'WEAK'] as const;

export type Lifecycle = (typeof lifecycles)[number];

/** The part of a resource that a subject describes. */
export const associationTypes = ['key', 'value'] as const;

/** What a schema may be tied to; the field knows topics only. */
export interface Resource {
  readonly resourceId: string;
  readonly resourceType: string;
  readonly resourceName: string;
  readonly resourceNamespace: string;
}

/** A subject that describes a part of a resource. */
export interface Association extends Resource {
  readonly subject: string;
  readonly guid: string;
  readonly associationType: string;
  readonly lifecycle: Lifecycle;
  /** Never to be changed. */
  readonly frozen: boolean;
}

/** What is asked of one part of a resource. */
export interface AssociationWish {
  readonly subject: string;
  readonly associationType: string;
  /** Undefined: as it is, or WEAK. */
  readonly lifecycle: Lifecycle | undefined;
  readonly frozen: boolean | undefined;
}

/**
 * Settles a wish against what there is: `current` of the same part of the resource, `ofSubject` all of the subject. Throws 40903
 * where only new ones may be made, 40908 where it is frozen, 40904 and 40905 where a subject of its own would be shared.
 */
export function settleAssociation(
  wish: AssociationWish,
  resource: Resource,
  current: Association | undefined,
  ofSubject: readonly Association[],
  { isCreateOnly }: { readonly isCreateOnly: boolean },
): Omit<Association, 'guid'> {
  const { subject, associationType } = wish;
  const lifecycle = wish.lifecycle ?? current?.lifecycle ?? 'WEAK';
  const frozen = wish.frozen ?? current?.frozen ?? false;
  const settled = { ...resource, subject, associationType, lifecycle, frozen };
  if (current !== undefined) {
    const isSame =
      current.subject === subject && current.lifecycle === lifecycle && current.frozen === frozen;
    if (isSame) return settled;
    if (isCreateOnly || current.subject !== subject) {
      throw conflict(
        40903,
        `An association of type '${associationType}' already exists for resource '${resource.resourceName}'`,
      );
    }
    if (current.frozen) {
      throw conflict(
        40908,
        `The association of type  '${associationType}' is frozen for subject '${subject}'`,
      );
    }
  }
  const others = ofSubject.filter(
    (each) => each.resourceId !== resource.resourceId || each.associationType !== associationType,
  );
  if (others.some((each) => each.lifecycle === 'STRONG')) {
    throw conflict(40905, `A strong association already exists for subject '${subject}'`);
  }
  if (lifecycle === 'STRONG' && others.length > 0) {
    throw conflict(40904, `An association already exists for subject '${subject}'`);
  }
  return settled;
}

export function invalidAssociation(property: string, detail: string): ConfluentError {
  return new ConfluentError(
    422,
    42212,
    `The association specified an invalid value for property: '${property}', detail: ${detail}`,
  );
}

export function associationNotFound(resource: string): ConfluentError {
  return new ConfluentError(404, 40410, `Association for '${resource}' not found.`);
}

export function noLiveVersion(subject: string): ConfluentError {
  return conflict(40907, `No active (non-deleted) version exists for subject '${subject}'`);
}

export function frozenAssociation({ associationType, subject }: Association): ConfluentError {
  return conflict(40908, `The association of type  '${associationType}' is frozen for subject '${subject}'`);
}

function conflict(code: number, message: string): ConfluentError {
  return new ConfluentError(409, code, message);
}
