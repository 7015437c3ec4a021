import kafkajs, { type Admin, type DescribeAclResource } from 'kafkajs';
import type { KafkaAccess } from '../clients/kafka-access.ts';
import type { Sighting, SightingKind } from '../domain/scan/sighting.ts';
import type { WatchedEndpoint } from '../domain/scan/watched-endpoint.ts';
import type { Observation } from './observation.ts';

// Node finds only some of what this CommonJS package exports by its names.
const {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  AssignerProtocol,
  Kafka,
  KafkaJSProtocolError,
  logLevel,
  ResourcePatternTypes,
} = kafkajs;

/** For all that is asked of one cluster; a slow one is looked at again at the next scan. */
const observeMs = 7_000;
/** More groups than this are not looked through: they count as not observed. */
const mostGroups = 2_000;
const groupsAtOnce = 16;

/**
 * Looks at the consumer groups that read topics of ours, and at the ACLs that let somebody read them. A client that reads without
 * a group leaves no trace; who may is told by the ACLs. Throws when there is no connection.
 */
export async function observeKafka(
  endpoint: WatchedEndpoint,
  { brokers, tls, sasl }: KafkaAccess,
): Promise<Observation> {
  const kafka = new Kafka({
    clientId: 'spine-scan',
    brokers: [...brokers],
    connectionTimeout: 4_000,
    requestTimeout: 4_000,
    retry: { retries: 1 },
    logLevel: logLevel.NOTHING,
    ssl: tls,
    ...(sasl !== null && { sasl }),
  });
  const admin = kafka.admin();
  let late: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new Error('the cluster did not answer in time')), observeMs);
  });
  try {
    return await Promise.race([observe(admin, endpoint, principalOf(endpoint, sasl)), timeout]);
  } finally {
    clearTimeout(late);
    await Promise.race([
      admin.disconnect().catch(() => undefined),
      new Promise((done) => setTimeout(done, 1_000)),
    ]);
  }
}

/** As whom we come: by the login, or as spine.yaml says where a certificate or the network tells the broker. */
function principalOf({ iam }: WatchedEndpoint, sasl: KafkaAccess['sasl']): string | null {
  const name = sasl !== null && 'username' in sasl ? sasl.username : iam;
  return name === null ? null : `User:${name}`;
}

async function observe(
  admin: Admin,
  endpoint: WatchedEndpoint,
  principal: string | null,
): Promise<Observation> {
  await admin.connect();
  const { clusterId } = await admin.describeCluster();
  const place = `kafka cluster ${clusterId}`;
  const sightings: Sighting[] = [];
  const unobserved: { kind: SightingKind; reason: string }[] = [];
  const acls = await readAcls(admin, endpoint.topicPrefix);
  if (typeof acls === 'string') unobserved.push({ kind: 'topic_reader', reason: acls });
  else sightings.push(...acls.map((acl) => ({ place, kind: 'topic_reader' as const, ...acl })));
  // A cluster that does not let us see its ACLs shows us only groups of our own, and says nothing of the others.
  const groups = acls === refused ? refused : await readGroups(admin, endpoint.topicPrefix);
  if (typeof groups === 'string') unobserved.push({ kind: 'consumer_group', reason: groups });
  else sightings.push(...groups.map((group) => ({ place, kind: 'consumer_group' as const, ...group })));
  const blind = new Set(unobserved.map(({ kind }) => kind));
  return {
    endpoint,
    places: [place],
    role: principal,
    sightings,
    observed: (['topic_reader', 'consumer_group'] as const)
      .filter((kind) => !blind.has(kind))
      .map((kind) => ({ place, kind })),
    unobserved,
  };
}

type Seen = Pick<Sighting, 'name' | 'details'>;

const refused = 'let our principal DESCRIBE the cluster';

async function readAcls(admin: Admin, prefix: string): Promise<readonly Seen[] | string> {
  try {
    const { resources } = await admin.describeAcls({
      resourceType: AclResourceTypes.TOPIC,
      resourcePatternType: ResourcePatternTypes.ANY,
      permissionType: AclPermissionTypes.ALLOW,
      operation: AclOperationTypes.ANY,
    });
    return resources.filter((resource) => covers(resource, prefix)).flatMap(readersOf);
  } catch (error) {
    if (!(error instanceof KafkaJSProtocolError)) throw error;
    return error.type === 'SECURITY_DISABLED'
      ? 'the cluster has no authorizer: whoever reaches it may read'
      : refused;
  }
}

/** Whether an ACL on this resource reaches a topic that begins with the prefix. */
function covers({ resourceName, resourcePatternType }: DescribeAclResource, prefix: string): boolean {
  if (resourcePatternType === ResourcePatternTypes.PREFIXED) {
    return resourceName.startsWith(prefix) || prefix.startsWith(resourceName);
  }
  return resourceName === '*' || isTopicOfOurs(resourceName, prefix);
}

/** With data in it: Kafka's own topics and the one of our checkpoints have none. */
function isTopicOfOurs(topic: string, prefix: string): boolean {
  return topic.startsWith(prefix) && !topic.startsWith('__');
}

function readersOf({ resourceName, resourcePatternType, acls }: DescribeAclResource): readonly Seen[] {
  const topics = `${resourcePatternType === ResourcePatternTypes.PREFIXED ? 'topics that begin with' : 'topic'} ${resourceName}`;
  return acls
    .filter(({ operation }) => operation === AclOperationTypes.READ || operation === AclOperationTypes.ALL)
    .map(({ principal, host }) => ({
      name: `${principal} may read ${topics}${host === '*' ? '' : ` from ${host}`}`,
      details: { principal, host, topics: resourceName },
    }));
}

async function readGroups(admin: Admin, prefix: string): Promise<readonly Seen[] | string> {
  const { groups } = await admin.listGroups();
  if (groups.length > mostGroups) return `there are more than ${mostGroups} of them`;
  const seen: Seen[] = [];
  for (let at = 0; at < groups.length; at += groupsAtOnce) {
    const ids = groups.slice(at, at + groupsAtOnce).map(({ groupId }) => groupId);
    const described = await admin.describeGroups(ids);
    const found = await Promise.all(
      described.groups.map(async ({ groupId, state, members }) => {
        const committed = (await admin.fetchOffsets({ groupId })).map(({ topic }) => topic);
        const assigned = members.flatMap(({ memberAssignment }) => topicsOf(memberAssignment));
        const topics = [...new Set([...committed, ...assigned])].filter((topic) =>
          isTopicOfOurs(topic, prefix),
        );
        if (topics.length === 0) return [];
        const clients = [
          ...new Set(members.map(({ clientId, clientHost }) => `${clientId} at ${clientHost}`)),
        ];
        return [
          {
            name: groupId,
            details: {
              state,
              members: members.length,
              topics: topics.sort().slice(0, 50).join(', '),
              clients: clients.sort().slice(0, 50).join(', '),
            },
          },
        ];
      }),
    );
    seen.push(...found.flat());
  }
  return seen;
}

/** The topics of an assignment; none where its bytes are not those of the consumer protocol. */
function topicsOf(assignment: Buffer): readonly string[] {
  if (assignment.length === 0) return [];
  try {
    return Object.keys(AssignerProtocol.MemberAssignment.decode(assignment)?.assignment ?? {});
  } catch {
    return [];
  }
}
