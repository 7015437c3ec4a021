import { z } from 'zod';

const name = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,47}$/,
    'a name is lower case letters, digits and dashes, at most 48, starting with a letter',
  );
const reference = z
  .string()
  .regex(
    /^(env:[A-Za-z_][A-Za-z0-9_]*|embedded:[a-z][a-z0-9_]*)$/,
    'secrets stand only as env:NAME (or embedded:NAME for a database of the embedded Postgres)',
  );
const secret = z
  .string()
  .regex(/^env:[A-Za-z_][A-Za-z0-9_]*$/, 'what only the environment knows stands as env:NAME');
const tablePattern = z
  .string()
  .regex(/^[^.\s]+\.[^.\s]+$/, 'a table pattern is schema.table; * stands for any run of characters');
const dataClass = z.enum(['public', 'internal', 'confidential', 'restricted']);
const tag = z.string().regex(/^[a-z][a-z0-9_-]*$/, 'a tag is lower case letters, digits, _ and -');
const duration = z
  .string()
  .regex(
    /^P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?$/,
    'an ISO 8601 duration such as P30D',
  );

const walSize = z
  .string()
  .regex(/^[1-9][0-9]{0,8}(MB|GB|TB)$/, 'a size such as 512MB or 10GB; Postgres counts 1024 MB to a GB');

const region = z.strictObject({
  name: z.string().min(1),
  country: z.string().regex(/^[A-Z]{2}$/, 'an ISO 3166-1 code such as DE'),
});

/** Somebody else's consumer at a source or sink: the scanner does not take it for a find. */
const consumer = z.strictObject({
  kind: z.enum([
    'slot',
    'walsender',
    'publication',
    'subscription',
    'replication_role',
    'foreign_server',
    'user_mapping',
    'consumer_group',
    'topic_reader',
  ]),
  name: z.string().min(1),
  owner: z.string().min(1),
});

/** Keys of sources and sinks alike: what is done about consumers that nobody registered. */
const watch = {
  quarantine: z.enum(['shadow', 'enforce']).optional(),
  adminUrl: reference.optional(),
  consumers: z.array(consumer).optional(),
};

const source = z.strictObject({
  name,
  type: z.literal('postgres'),
  url: reference,
  region: z.string().min(1),
  owner: z.string().min(1),
  /** Servers that may be promoted in its place; the route follows to whichever takes writes. */
  standbys: z.array(reference).max(8).optional(),
  tables: z.array(tablePattern).min(1).default(['public.*']),
  namespace: z.string().min(1).optional(),
  ...watch,
});

/** What the register demands to know of every sink. */
const sinkTerms = {
  name,
  region: z.string().min(1),
  owner: z.string().min(1),
  purpose: z.string().min(1),
  retention: duration,
  iam: z.string().min(1),
  namespace: z.string().min(1).optional(),
  ...watch,
};

const postgresSink = z.strictObject({ type: z.literal('postgres'), url: reference, ...sinkTerms });

/** How topics are made; one that stands is left as it is. What is not said is the broker's to choose. */
const topics = z.strictObject({
  partitions: z.number().int().min(1).max(10_000).optional(),
  replicationFactor: z.number().int().min(1).max(100).optional(),
  cleanupPolicy: z.enum(['delete', 'compact']).optional(),
});

const kafkaSink = z.strictObject({
  type: z.literal('kafka'),
  brokers: z.array(secret).min(1),
  topicPrefix: z
    .string()
    .regex(/^[A-Za-z0-9._-]{0,64}$/, 'a prefix of topics has letters, digits, dots, dashes and underscores')
    .default(''),
  topics: topics.optional(),
  tls: z.boolean().optional(),
  sasl: z
    .strictObject({
      mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']),
      username: secret,
      password: secret,
    })
    .optional(),
  ...sinkTerms,
});

const sink = z.discriminatedUnion('type', [postgresSink, kafkaSink]);

const route = z.strictObject({
  name,
  source: name,
  sink: name,
  tables: z.array(tablePattern).min(1),
  owner: z.string().min(1),
  /** Dead letters that wait: from `alertAt` on the route tells, beyond `stopAt` the table that brings more is stopped. */
  deadLetters: z
    .strictObject({
      alertAt: z.number().int().min(1).max(1_000_000).optional(),
      stopAt: z.number().int().min(1).max(1_000_000).optional(),
    })
    .optional(),
  walLimit: walSize.optional(),
  slotLost: z.enum(['resnapshot', 'stop']).optional(),
});

const classificationEntry = z.strictObject({
  dataset: z
    .string()
    .regex(/^[^.\s]+\.[^.\s]+\.[^.\s]+$/, 'source.schema.table; * stands for any run of characters'),
  class: dataClass,
  fields: z.record(z.string(), z.array(tag)).optional(),
  retention: duration.optional(),
});

const obligation = z.strictObject({
  type: z.enum(['drop', 'tokenise', 'hash', 'mask', 'truncate']),
  fields: z.array(z.string().min(1)).min(1),
  keep: z.literal('format').exactOptional(),
  to: z.number().int().min(1).max(1_000_000).exactOptional(),
});

const rule = z.strictObject({
  id: z.string().min(1),
  effect: z.enum(['allow', 'deny']),
  priority: z.number().int().optional(),
  match: z.strictObject({
    dataset: z.array(z.string()).optional(),
    class: z.array(dataClass).optional(),
    from: z.array(z.string()).optional(),
    to: z.array(z.string()).optional(),
    purpose: z.array(z.string()).optional(),
    sink: z.array(name).optional(),
  }),
  obligations: z.array(obligation).optional(),
  rationale: z.string().min(1),
});

/** The shape of spine.yaml, apiVersion spine/v1. Unknown keys are errors everywhere. */
export const spineSpecShape = z.strictObject({
  apiVersion: z.literal('spine/v1'),
  obligationKey: reference.optional(),
  regions: z.array(region).default([]),
  sources: z.array(source).min(1),
  sinks: z.array(sink).min(1),
  routes: z.array(route).default([]),
  classification: z.array(classificationEntry).default([]),
  residency: z.strictObject({ rules: z.array(rule).default([]) }).default({ rules: [] }),
});

/** A parsed spine.yaml: names are checked, references to secrets are not yet resolved. */
export type SpineSpec = Readonly<z.infer<typeof spineSpecShape>>;
export type SourceSpec = SpineSpec['sources'][number];
export type SinkSpec = SpineSpec['sinks'][number];
export type RouteSpec = SpineSpec['routes'][number];
