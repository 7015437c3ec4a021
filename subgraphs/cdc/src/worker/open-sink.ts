import { Problem } from '@spine/kernel/problem';
import type { Clock } from '@spine/platform/clock';
import type { Log } from '@spine/platform/log/create-log';
import { kafkaAccess } from '../clients/kafka-access.ts';
import type { RegistryClient } from '../clients/registry.ts';
import type { ReferenceResolver } from '../clients/resolve-reference.ts';
import { avroRowEncoder } from '../domain/avro/encode-row.ts';
import type { KafkaSinkEndpoint, Route, SinkEndpoint } from '../domain/endpoint.ts';
import { createKafkaSink } from '../sink/kafka/kafka-sink.ts';
import { createKafkajsDriver } from '../sink/kafka/kafkajs-driver.ts';
import { topicDefaults } from '../sink/kafka/topic-defaults.ts';
import type { BindTopic } from '../sink/kafka/topic-plan.ts';
import { createPostgresSink } from '../sink/postgres-sink.ts';
import type { Sink } from '../sink/sink.ts';

export interface OpenSinkDeps {
  readonly resolver: ReferenceResolver;
  readonly registry: RegistryClient;
  readonly clock: Clock;
  readonly log: Log;
}

/** The sink of a route, whatever stands there. */
export function openSink(deps: OpenSinkDeps, route: Route, endpoint: SinkEndpoint): Sink {
  const { resolver, clock, log } = deps;
  switch (endpoint.type) {
    case 'postgres':
      return createPostgresSink({ url: resolver.url(endpoint.url), route: route.name, log, clock });
    case 'kafka':
      return createKafkaSink({
        driver: createKafkajsDriver(kafkaAccess(endpoint, resolver), `spine.${route.name}`),
        route: route.name,
        topics: topicDefaults(endpoint),
        bind: bindTopics(deps.registry, route, endpoint),
        encoderOf: (table) => avroRowEncoder(table, route.source),
        clock,
        log,
      });
  }
}

/** Topics have contracts of their own: what consumers decode by, in the shape in which it is delivered. */
function bindTopics(registry: RegistryClient, route: Route, sink: KafkaSinkEndpoint): BindTopic {
  return async ({ topic, subject, schema }) => {
    const bound = await registry.bind({
      subject,
      dataset: { namespace: sink.namespace, name: topic },
      schema,
      owner: sink.owner,
      route: route.name,
      tags: {},
      dataClass: 'unknown',
    });
    if (!('refused' in bound)) return bound.schemaId;
    throw new Problem('INCOMPATIBLE_SCHEMA', `the registry refuses ${subject}: ${bound.refused}`, {
      fix: 'Consumers of the topic could not read it. Undo the change of the table, or give the sink another topicPrefix.',
    });
  };
}
