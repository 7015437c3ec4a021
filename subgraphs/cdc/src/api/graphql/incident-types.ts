import { connectionType } from '@spine/platform/graphql/connection';
import { DateTime } from '@spine/platform/graphql/scalars';
import { Field, ID, ObjectType } from 'type-graphql';
import { type Breach, type Incident, waysOut } from '../../domain/incident.ts';
import { RouteType } from './route-types.ts';

@ObjectType({ description: 'Where a changed table breaks its contract.' })
export class IncidentBreach implements Breach {
  @Field(() => String)
  kind!: string;

  @Field(() => String, { description: 'JSON pointer into the schema.' })
  path!: string;

  @Field(() => String)
  message!: string;
}

@ObjectType('Incident', {
  description:
    'A table that changed at the source in a way that breaks its readers; it stands still meanwhile.',
})
export class IncidentType {
  @Field(() => ID)
  id!: string;

  @Field(() => RouteType)
  route!: RouteType;

  @Field(() => String)
  schema!: string;

  @Field(() => String)
  table!: string;

  @Field(() => String, { description: 'The subject whose contract the table broke.' })
  subject!: string;

  @Field(() => String)
  reason!: string;

  @Field(() => [IncidentBreach], { description: 'What changed, breach by breach.' })
  breaches!: readonly Breach[];

  @Field(() => String, { nullable: true, description: 'The semantic version that admits to the change.' })
  requiredVersion!: string | null;

  @Field(() => String, { description: 'The Avro schema to publish when the change is accepted.' })
  proposedSchema!: string;

  @Field(() => [String], { description: 'What to do, each a whole way out.' })
  waysOut!: readonly string[];

  @Field(() => DateTime)
  openedAt!: Date;

  @Field(() => DateTime, { nullable: true })
  resolvedAt!: Date | null;
}

/** `incidents(first, after)`, newest first. */
export const IncidentConnection = connectionType(IncidentType, 'Incident');

/** An incident as the graph shows it; its route is looked up when it is asked for. */
export function toIncidentType(incident: Incident): IncidentType {
  const { id, route, ...rest } = incident;
  return Object.assign(new IncidentType(), {
    ...rest,
    id: String(id),
    route: Object.assign(new RouteType(), { name: route }),
    waysOut: waysOut(incident),
  });
}
