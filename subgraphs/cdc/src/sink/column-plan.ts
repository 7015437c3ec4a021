import type { ColumnObligation, DeliveredTable } from '../domain/delivery.ts';
import { obligationTransform, type ValueTransform } from '../domain/obligation-transform.ts';
import type { Column } from '../domain/relation.ts';

/** How one column of a delivered table is carried and stands at the sink. */
export interface ColumnPlan {
  readonly name: string;
  /** Its place in a tuple of the source. */
  readonly index: number;
  /** Its type at the sink, as SQL, qualified. */
  readonly sinkType: string;
  /** Element type of the binary array that carries its values; 0 for types of the user, which are not compared. */
  readonly elementOid: number;
  /** True when values travel as text and are cast at the sink. */
  readonly asText: boolean;
  /** True when `unnest` would take its values apart: the table is staged by COPY. */
  readonly staged: boolean;
  readonly key: boolean;
  readonly nullable: boolean;
  readonly transform: ValueTransform | null;
  /** Labels of an enum that must exist at the sink first. */
  readonly enumLabels: readonly string[] | null;
}

const textOid = 25;
const firstUserOid = 16_384;

/** The columns of a delivered table in the order of the source. Hashed and masked columns are text. */
export function columnPlans(table: DeliveredTable): readonly ColumnPlan[] {
  const { relation, obligations, obligationKey } = table;
  return relation.columns.map((column) => {
    const obligation = obligations.get(column.name);
    const key = relation.key.includes(column.index);
    return {
      name: column.name,
      index: column.index,
      key,
      nullable: !key && (column.nullable || obligation !== undefined),
      transform: obligation === undefined ? null : obligationTransform(column, obligation, obligationKey),
      ...carriage(column, obligation),
    };
  });
}

function carriage(
  column: Column,
  obligation: ColumnObligation | undefined,
): Pick<ColumnPlan, 'sinkType' | 'elementOid' | 'asText' | 'staged' | 'enumLabels'> {
  if (obligation !== undefined && obligation.type !== 'drop') {
    return { sinkType: 'text', elementOid: textOid, asText: false, staged: false, enumLabels: null };
  }
  const sinkType = column.baseTypeText ?? column.typeText;
  const oid = column.baseTypeOid ?? column.typeOid;
  const enumLabels = column.enumLabels ?? null;
  if (column.typeCategory === 'A') {
    return { sinkType, elementOid: 0, asText: false, staged: true, enumLabels };
  }
  // An enum's binary form is its label: it travels as text and is cast, so that no oid of the source matters.
  if (enumLabels !== null) {
    return { sinkType, elementOid: textOid, asText: true, staged: false, enumLabels };
  }
  return { sinkType, elementOid: oid < firstUserOid ? oid : 0, asText: false, staged: false, enumLabels };
}
