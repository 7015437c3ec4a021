import type { DecidedObligation } from './decision.ts';
import { obligationTypes, type RuleObligation } from './policy-document.ts';

/** A field with the tags it bears. */
export interface TaggedField {
  readonly name: string;
  readonly tags: readonly string[];
}

type Treatment = Omit<RuleObligation, 'fields'>;

/** Those that are demanded, strictest first: of tokens the ones without a format, of shortened texts the shortest. */
function treatmentsOf(obligations: readonly RuleObligation[]): readonly Treatment[] {
  return obligationTypes.flatMap((type): readonly Treatment[] => {
    const demanded = obligations.filter((obligation) => obligation.type === type);
    if (demanded.length === 0) return [];
    if (type === 'tokenise') return [{ type }, { type, keep: 'format' }];
    if (type !== 'truncate') return [{ type }];
    const lengths = new Set(demanded.flatMap(({ to }) => to ?? []));
    return [...lengths].sort((one, other) => one - other).map((to) => ({ type, to }));
  });
}

/**
 * Applies selectors (tags or names) to the fields and joins what several demand of one: the strictest wins, drop over
 * tokenise over tokenise that keeps the format over hash over mask over truncate. A path inside a column governs the whole
 * column.
 */
export function joinObligations(
  obligations: readonly RuleObligation[],
  fields: readonly TaggedField[],
): readonly DecidedObligation[] {
  const joined: DecidedObligation[] = [];
  if (obligations.length === 0) return joined;
  const taken = new Set<string>();
  for (const treatment of treatmentsOf(obligations)) {
    const selectors = new Set(
      obligations
        .filter(
          ({ type, keep, to }) => type === treatment.type && keep === treatment.keep && to === treatment.to,
        )
        .flatMap((obligation) => obligation.fields),
    );
    if (selectors.size === 0) continue;
    const governed = fields.filter((field) => !taken.has(field.name) && isSelected(field, selectors));
    if (governed.length === 0) continue;
    for (const field of governed) taken.add(field.name);
    joined.push({ ...treatment, fields: governed.map((field) => field.name).toSorted() });
  }
  return joined;
}

/** The first selector that is no tag, no field of the inventory and no field here: a demand nobody could meet. */
export function findUnknownSelector(
  obligations: readonly RuleObligation[],
  fields: readonly TaggedField[],
  known: { readonly tags: ReadonlySet<string>; readonly fieldPaths: ReadonlySet<string> },
): string | undefined {
  for (const { fields: selectors } of obligations) {
    for (const selector of selectors) {
      if (known.tags.has(selector) || known.fieldPaths.has(selector)) continue;
      if (!fields.some((field) => isColumnOf(field.name, selector))) return selector;
    }
  }
  return undefined;
}

/** Whether a field path lies in a column: the column itself, or a path inside it. */
export function isColumnOf(column: string, path: string): boolean {
  return path.startsWith(column) && (path.length === column.length || path[column.length] === '.');
}

function isSelected(field: TaggedField, selectors: ReadonlySet<string>): boolean {
  if (selectors.has(field.name) || field.tags.some((tag) => selectors.has(tag))) return true;
  for (const selector of selectors) if (isColumnOf(field.name, selector)) return true;
  return false;
}
