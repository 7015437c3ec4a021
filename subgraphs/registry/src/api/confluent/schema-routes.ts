import type { ConfluentManners } from '../../domain/confluent/confluent-release.ts';
import { qualifySubject, splitSubject } from '../../domain/confluent/qualified-subject.ts';
import type { SchemaType } from '../../domain/schema-type.ts';
import { contentOf } from '../../read/ready-answers.ts';
import { greatestId } from '../../store/confluent-versions.ts';
import { formatText } from '../../usecases/confluent/format-text.ts';
import { getContent, listSchemasOf, listUsesOf } from '../../usecases/confluent/read-registered.ts';
import type { RegistryDeps } from '../../usecases/registry-deps.ts';
import type { Call } from './call.ts';
import { toContentDocument, toTagsPart, toVersionDocument } from './documents.ts';
import type { AddRoute } from './route.ts';
import { subjectPrefixes } from './subject-routes.ts';

/** Schemas by id and guid, whatever subjects they have. */
export function addSchemaRoutes(add: AddRoute, deps: RegistryDeps, manners: ConfluentManners): void {
  const show = async (call: Call, key: Parameters<typeof getContent>[1]) => {
    const content = await getContent(deps, key);
    return {
      ...toContentDocument(manners, content, await formatText(deps, content, call.word('format'))),
      ...(call.flag('findTags') && toTagsPart(content)),
    };
  };
  const uses = async (call: Call) => {
    const subject = call.word('subject') ?? (call.context === '.' ? undefined : '');
    const asked = subject === undefined ? undefined : qualifySubject(subject, call.context);
    return await listUsesOf(deps, call.number('id'), asked, { deleted: call.flag('deleted') });
  };

  add(
    'GET',
    '/schemas',
    async (call) => {
      const shown = { deleted: call.flag('deleted'), latestOnly: call.flag('latestOnly') };
      const versions = await listSchemasOf(deps, subjectPrefixes(call, ':*:'), shown, call.page);
      return versions.map((version) => toVersionDocument(manners, version));
    },
    { constraints: { dialect: 'confluent' } },
  );

  add('GET', '/schemas/types', () => ['JSON', 'PROTOBUF', 'AVRO'] satisfies SchemaType[]);

  // What every consumer asks for, and what never changes.
  const remembered = (shape: string) => (call: Call) =>
    call.flag('fetchMaxId')
      ? undefined
      : {
          about: contentOf(call.number('id')),
          key: `${shape} ${call.word('format')} ${call.flag('findTags')}`,
        };

  add(
    'GET',
    '/schemas/ids/:id',
    async (call) => {
      const document = await show(call, { id: call.number('id') });
      return call.flag('fetchMaxId')
        ? { ...document, maxId: await greatestId(deps.database.kysely) }
        : document;
    },
    { remembered: remembered('document') },
  );

  add(
    'GET',
    '/schemas/ids/:id/schema',
    async (call) => {
      const content = await getContent(deps, { id: call.number('id') });
      return await formatText(deps, content, call.word('format'));
    },
    { remembered: remembered('text') },
  );

  add('GET', '/schemas/ids/:id/subjects', async (call) => {
    const subjects = (await uses(call)).map(({ subject }) => subject);
    return call.page([...new Set(subjects)]);
  });

  add('GET', '/schemas/ids/:id/versions', async (call) => call.page(await uses(call)));

  if (!manners.guids) return;
  add('GET', '/schemas/guids/:guid', (call) => show(call, { guid: call.part('guid') }));

  add('GET', '/schemas/guids/:guid/ids', async (call) => {
    const { id } = await getContent(deps, { guid: call.part('guid') });
    const all = await listUsesOf(deps, id, undefined, { deleted: true });
    const contexts = new Set(all.map(({ subject }) => splitSubject(subject).context));
    return [...contexts].map((context) => ({ context, id }));
  });
}
