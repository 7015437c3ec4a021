import type { ConfluentManners } from '../../domain/confluent/confluent-release.ts';
import { joinSubject, qualifySubject } from '../../domain/confluent/qualified-subject.ts';
import type { RegisteredSchema } from '../../domain/confluent/registered-schema.ts';
import { tagSchema } from '../../domain/confluent/tag-schema.ts';
import type { ReadyAnswers } from '../../read/ready-answers.ts';
import {
  deleteRegisteredSubject,
  deleteRegisteredVersion,
} from '../../usecases/confluent/delete-registered.ts';
import { formatText } from '../../usecases/confluent/format-text.ts';
import { lookupSchema } from '../../usecases/confluent/lookup-schema.ts';
import {
  getRegistered,
  getRegisteredByMetadata,
  listNames,
  listReferencedBy,
  listVersionNumbers,
} from '../../usecases/confluent/read-registered.ts';
import { registerSchema } from '../../usecases/confluent/register-schema.ts';
import { findTarget } from '../../usecases/confluent/scope.ts';
import type { RegistryDeps } from '../../usecases/registry-deps.ts';
import { handedSchema, readBody, registerShape, schemaShape, tagShape, wholeSchema } from './body.ts';
import type { Call } from './call.ts';
import { toRegisterAnswer, toTagsPart, toVersionDocument } from './documents.ts';
import type { AddRoute } from './route.ts';

/** Subjects and their versions. */
export function addSubjectRoutes(
  add: AddRoute,
  deps: RegistryDeps,
  manners: ConfluentManners,
  ready: Pick<ReadyAnswers, 'clear'>,
): void {
  const target = (call: Call): Promise<string> => findTarget(deps.database.kysely, call.subject());
  const shown = (call: Call) => ({ deleted: call.flag('deleted'), deletedOnly: call.flag('deletedOnly') });
  const show = async (call: Call, version: RegisteredSchema) => ({
    ...toVersionDocument(manners, version, await formatText(deps, version, call.word('format'))),
    ...(call.flag('findTags') && toTagsPart(version)),
  });

  add('GET', '/subjects', async (call) =>
    call.page(await listNames(deps, subjectPrefixes(call, ':*:'), shown(call))),
  );

  add('POST', '/subjects/:subject', async (call) => {
    const handed = wholeSchema(readBody(schemaShape, call.body));
    const options = { normalize: call.choice('normalize'), deleted: call.flag('deleted') };
    return await show(call, await lookupSchema(deps, await target(call), handed, options));
  });

  add('GET', '/subjects/:subject/metadata', async (call) => {
    const values = call.words('value');
    const properties = new Map(call.words('key').map((key, index) => [key, values[index] ?? '']));
    return await show(call, await getRegisteredByMetadata(deps, await target(call), properties, shown(call)));
  });

  add('GET', '/subjects/:subject/versions', async (call) =>
    call.page(
      await listVersionNumbers(deps, await target(call), {
        ...shown(call),
        deletedAsNegative: call.flag('deletedAsNegative'),
      }),
    ),
  );

  add(
    'POST',
    '/subjects/:subject/versions',
    async (call) => {
      const body = readBody(registerShape, call.body);
      const { id, version, schemaTagsToAdd: added = [], schemaTagsToRemove: removed = [] } = body;
      const registered = await registerSchema(
        deps,
        {
          subject: await target(call),
          handed: handedSchema(body),
          id: id === undefined || id < 0 ? undefined : id,
          version: version === 0 ? undefined : version,
          normalize: call.choice('normalize'),
          force: manners.force && call.flag('force'),
          profile: call.profile(),
          registeredBy: call.by,
          retouch:
            added.length + removed.length === 0
              ? undefined
              : (handed) => tagSchema(handed, { added, removed }),
        },
        manners.incompatibleCode,
      );
      return toRegisterAnswer(manners, registered, await formatText(deps, registered, call.word('format')));
    },
    { role: 'publisher' },
  );

  add('GET', '/subjects/:subject/versions/:version', async (call) =>
    show(call, await getRegistered(deps, await target(call), call.version(), shown(call))),
  );

  add('GET', '/subjects/:subject/versions/:version/schema', async (call) => {
    const version = await getRegistered(deps, await target(call), call.version(), shown(call));
    return Buffer.from(await formatText(deps, version, call.word('format')));
  });

  add('GET', '/subjects/:subject/versions/:version/referencedby', async (call) =>
    call.page(await listReferencedBy(deps, await target(call), call.version(), shown(call))),
  );

  add(
    'POST',
    '/subjects/:subject/versions/:version/tags',
    async (call) => {
      const body = readBody(tagShape, call.body);
      const { newVersion, tagsToAdd: added = [], tagsToRemove: removed = [] } = body;
      const subject = await target(call);
      const base = await getRegistered(deps, subject, call.version(), { deleted: false });
      const registered = await registerSchema(
        deps,
        {
          subject,
          handed: {
            ...base,
            metadata: body.metadata ?? base.metadata,
            ruleSet: body.ruleSet ?? base.ruleSet,
          },
          id: undefined,
          version: newVersion === 0 ? undefined : newVersion,
          normalize: undefined,
          force: false,
          profile: call.profile(),
          registeredBy: call.by,
          retouch: (handed) => tagSchema(handed, { added, removed }),
        },
        manners.incompatibleCode,
      );
      return toRegisterAnswer(manners, registered);
    },
    { role: 'publisher' },
  );

  add(
    'DELETE',
    '/subjects/:subject',
    async (call) => {
      const permanent = call.flag('permanent');
      const deleted = await deleteRegisteredSubject(deps, await target(call), { permanent, by: call.by });
      // Ids that nothing has any longer are gone with it.
      if (permanent) ready.clear();
      return deleted;
    },
    { role: 'steward' },
  );

  add(
    'DELETE',
    '/subjects/:subject/versions/:version',
    async (call) => {
      const permanent = call.flag('permanent');
      const deleted = await deleteRegisteredVersion(deps, await target(call), call.version(), { permanent });
      if (permanent) ready.clear();
      return deleted;
    },
    { role: 'steward' },
  );
}

/** The prefixes that a call names, within its context; without any what `otherwise` says, or all of its context. */
export function subjectPrefixes(call: Call, otherwise: string): readonly string[] {
  const isRoot = call.context === '.';
  const named = call.words('subjectPrefix');
  if (named.length === 0) return [isRoot ? otherwise : joinSubject({ context: call.context, subject: '' })];
  return named.map((prefix) => (prefix.startsWith(':*:') ? prefix : qualifySubject(prefix, call.context)));
}
