import 'reflect-metadata';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { Directive, Field, ID, ObjectType, Query, Resolver, Subscription } from 'type-graphql';
import { beforeAll, expect, test } from 'vitest';
import { buildSubgraph, type Subgraph } from './build-subgraph.ts';
import { connectionType } from './connection.ts';
import { Forbidden, InvalidInput, NotFound } from './shared-types.ts';
import { StreamItemFields, streamItemTypes } from './stream-item-types.ts';

const alarmStreams = streamItemTypes('AlarmStreamItem', 'DecisionStreamItem');
@ObjectType({ implements: alarmStreams.interfaces.AlarmStreamItem })
class AlarmRaised extends StreamItemFields {
  @Field(() => String)
  alarm!: string;
}
@ObjectType({ implements: alarmStreams.interfaces.DecisionStreamItem })
class DecisionMade extends StreamItemFields {
  @Field(() => String)
  decision!: string;
}
@ObjectType('Thing')
@Directive('@key(fields: "id")')
class AlarmedThing {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  alarmState!: string;
}
@Resolver()
class AlarmResolver {
  @Query(() => String)
  alarms(): string {
    return '';
  }

  @Subscription(() => alarmStreams.interfaces.AlarmStreamItem, { subscribe: none })
  alarmsRaised(): StreamItemFields {
    return new AlarmRaised();
  }

  @Subscription(() => alarmStreams.interfaces.DecisionStreamItem, { subscribe: none })
  decisionsMade(): StreamItemFields {
    return new DecisionMade();
  }
}

const thingStreams = streamItemTypes('ThingStreamItem');
@ObjectType({ implements: thingStreams.interfaces.ThingStreamItem })
class ThingChanged extends StreamItemFields {
  @Field(() => String)
  thing!: string;
}
@ObjectType()
@Directive('@key(fields: "id")')
class Thing {
  @Field(() => ID)
  id!: string;
}
const ThingConnection = connectionType(Thing);
@Resolver()
class ThingResolver {
  @Query(() => ThingConnection)
  things(): object {
    return {};
  }

  @Subscription(() => thingStreams.interfaces.ThingStreamItem, { subscribe: none })
  thingsChanged(): StreamItemFields {
    return new ThingChanged();
  }
}

function none(): AsyncIterableIterator<never> {
  throw new Error('only the schema is tested here');
}

let alarms: Subgraph;
let things: Subgraph;
beforeAll(async () => {
  const failures = [InvalidInput, NotFound, Forbidden];
  alarms = await buildSubgraph({
    name: 'alarms',
    resolvers: [AlarmResolver],
    orphanedTypes: [AlarmedThing, ...failures],
    references: { Thing: () => null },
  });
  things = await buildSubgraph({
    name: 'things',
    resolvers: [ThingResolver],
    orphanedTypes: failures,
    references: { Thing: () => null },
  });
});

test('two subgraphs that share stream items, failures and page information compose', () => {
  const { errors, supergraphSdl } = composeServices(
    [alarms, things].map(({ name, sdl }) => ({ name, url: `http://${name}`, typeDefs: parse(sdl) })),
  );
  expect(errors ?? []).toEqual([]);
  const heartbeat = /type StreamHeartbeat implements ([^\n@{]*)/.exec(supergraphSdl ?? '')?.[1] ?? '';
  for (const name of ['AlarmStreamItem', 'DecisionStreamItem', 'ThingStreamItem'])
    expect(heartbeat).toContain(name);
  expect(supergraphSdl).toMatch(/alarmState: String!/);
});

test('a subgraph holds its own streams only, though others live in the same process', () => {
  expect(alarms.sdl).toContain('type AlarmRaised implements AlarmStreamItem');
  expect(alarms.sdl).not.toMatch(/ThingStreamItem|ThingChanged/);
  expect(things.sdl).not.toMatch(/AlarmStreamItem|DecisionMade/);
});

test('the printed SDL says that it is of federation 2, and is the same whenever it is built', async () => {
  expect(things.sdl).toContain('https://specs.apollo.dev/federation/v2.9');
  const again = await buildSubgraph({
    name: 'things',
    resolvers: [ThingResolver],
    orphanedTypes: [InvalidInput, NotFound, Forbidden],
    references: { Thing: () => null },
  });
  expect(again.sdl).toBe(things.sdl);
});

test('references to a type that is not in the schema are refused', async () => {
  await expect(
    buildSubgraph({ name: 'things', resolvers: [ThingResolver], references: { Thnig: () => null } }),
  ).rejects.toThrow('no type Thnig');
});
