import 'reflect-metadata';
import { Field, ObjectType } from 'type-graphql';
import type { Missing } from '../../domain/inventory-demand.ts';
import type { LintFinding, Severity } from '../../domain/lint/lint-finding.ts';
import { LintSeverityEnum } from './enums.ts';

/** One thing that a rule of lint found. */
@ObjectType('LintFinding', { description: 'One thing that a rule of lint found.' })
export class LintFindingType {
  @Field(() => String)
  rule!: string;

  @Field(() => LintSeverityEnum)
  severity!: Severity;

  @Field(() => String, { description: "JSON pointer into the schema; '' for the whole." })
  path!: string;

  @Field(() => String)
  message!: string;

  @Field(() => String, {
    nullable: true,
    description: 'What an automatic fix would do, where there is a safe one.',
  })
  fix!: string | null;
}

/** One thing that the inventory demands. */
@ObjectType({ description: 'One thing that the inventory demands and the schema does not say.' })
export class InventoryDemand {
  @Field(() => String, { description: 'TAG, DATA_CLASS or RETENTION.' })
  what!: Missing['what'];

  @Field(() => String, { description: "The field that lacks a tag; '' for what concerns the whole version." })
  fieldPath!: string;

  @Field(() => String)
  demanded!: string;

  @Field(() => String, { nullable: true })
  found!: string | null;

  @Field(() => String)
  message!: string;
}

/** A demand as the graph shows it. */
export function toDemandType(missing: Missing): InventoryDemand {
  return Object.assign(new InventoryDemand(), { ...missing, found: missing.found ?? null });
}

/** A finding as the graph shows it. */
export function toFindingType(finding: LintFinding): LintFindingType {
  return Object.assign(new LintFindingType(), { ...finding, fix: finding.fix?.summary ?? null });
}
