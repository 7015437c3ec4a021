import 'reflect-metadata';
import { invariant } from '@spine/kernel/invariant';
import { getMetadataStorage } from 'type-graphql';

/**
 * Throws if any type that is loaded has a field whose `@Authorized` or `@UseMiddleware` would silently never run: with
 * `simpleResolvers` (or `simple`) type-graphql gives the field no resolver of its own, and the check goes with it.
 */
export function assertGuardedFields(): void {
  const unguarded = findUnguardedFields();
  invariant(
    unguarded.length === 0,
    `${unguarded.join(', ')}: @Authorized or @UseMiddleware on a simple field is never run; take simpleResolvers away or add a @FieldResolver`,
  );
}

/** The fields of all loaded object types, as `Type.field`, whose guard would never run. */
export function findUnguardedFields(): readonly string[] {
  const storage = getMetadataStorage();
  // Which type a method of a resolver class belongs to is only filled in when a schema is built.
  const typeOf = (target: unknown): unknown =>
    storage.resolverClasses.find((resolver) => resolver.target === target)?.getObjectType?.();
  const resolves = (resolver: Named, field: Named & { readonly name: string }): boolean =>
    resolver.methodName === field.name &&
    (resolver.target === field.target || typeOf(resolver.target) === field.target);
  return storage.objectTypes.flatMap((type) =>
    storage.fields
      .filter((field) => isInherited(type.target, field.target))
      .filter((field) => field.simple ?? type.simpleResolvers ?? false)
      .filter((field) => {
        const of = (guard: { target: unknown; fieldName: string }): boolean =>
          guard.target === field.target && guard.fieldName === field.name;
        const onType = storage.authorizedResolver.some((guard) => guard.target === field.target);
        return onType || storage.authorizedFields.some(of) || storage.middlewares.some(of);
      })
      .filter((field) => !storage.fieldResolvers.some((resolver) => resolves(resolver, field)))
      .map((field) => `${type.name}.${field.name}`),
  );
}

interface Named {
  readonly target: unknown;
  readonly methodName?: string;
}

function isInherited(type: unknown, owner: unknown): boolean {
  for (let at: unknown = type; typeof at === 'function'; at = Object.getPrototypeOf(at)) {
    if (at === owner) return true;
  }
  return false;
}
