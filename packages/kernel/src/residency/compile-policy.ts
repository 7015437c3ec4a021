import { type DataClass, dataClasses } from '../data-class.ts';
import { createRegionTable, type Region, type RegionTable } from '../region.ts';
import { type Candidate, exceptionCandidate, ruleCandidate } from './candidate.ts';
import { type Cell, createCell } from './cell.ts';
import { createInventory, type Inventory } from './inventory.ts';
import { memo } from './memo.ts';
import { parsePolicyDocument } from './parse-policy-document.ts';
import { namesPersonalData } from './personal-name.ts';
import type { PolicyDocument } from './policy-document.ts';

/** One end of a transfer; a region that is not in the table stays unknown, and unknown is denied. */
export interface CompiledEndpoint {
  readonly name: string;
  readonly regionName: string;
  readonly region: Region | undefined;
}

/** A matrix document made ready for `decide`. Answers depend on the document only; caches inside are not visible. */
export interface CompiledPolicy {
  readonly document: PolicyDocument;
  readonly regions: RegionTable;
  readonly inventory: Inventory;
  readonly sources: ReadonlyMap<string, CompiledEndpoint>;
  readonly sinks: ReadonlyMap<string, CompiledEndpoint & { readonly purpose: string }>;
  /** Undefined when an end or its region is unknown. */
  cell(source: string, sink: string, dataClass: DataClass): Cell | undefined;
  namesPersonalData(column: string): boolean;
}

/** Up to so many rule checks the cells are built at once, so that no decision waits for one; beyond, on first use. */
const eagerChecks = 2_000_000;
const rememberedRoutes = 1_000;
const rememberedColumns = 10_000;

/** Compiles a document, parsing it first: throws INPUT_INVALID naming every fault, and then nothing may flow. */
export function compilePolicy(document: unknown): CompiledPolicy {
  const parsed = parsePolicyDocument(document);
  const regions = createRegionTable(parsed.regions);
  const place = ({ name, region }: { readonly name: string; readonly region: string }): CompiledEndpoint => ({
    name,
    regionName: region,
    region: regions.find(region),
  });
  const sources = new Map(parsed.sources.map((source) => [source.name, place(source)]));
  const sinks = new Map(parsed.sinks.map((sink) => [sink.name, { ...place(sink), purpose: sink.purpose }]));
  const candidates: readonly Candidate[] = [
    ...parsed.residency.rules.map(ruleCandidate),
    ...parsed.residency.exceptions.map(exceptionCandidate),
  ];

  const build = (sourceName: string, sinkName: string, dataClass: DataClass): Cell | undefined => {
    const source = sources.get(sourceName);
    const sink = sinks.get(sinkName);
    if (source?.region === undefined || sink?.region === undefined) return undefined;
    return createCell(
      candidates,
      { name: source.name, region: source.region },
      { name: sink.name, region: sink.region, purpose: sink.purpose },
      dataClass,
    );
  };
  const routes = memo(rememberedRoutes, (sourceName) =>
    memo(rememberedRoutes, (sinkName) =>
      memo(dataClasses.length, (dataClass: DataClass) => build(sourceName, sinkName, dataClass)),
    ),
  );
  const cell = (source: string, sink: string, dataClass: DataClass): Cell | undefined =>
    routes(source)(sink)(dataClass);
  if (sources.size * sinks.size * dataClasses.length * candidates.length <= eagerChecks) {
    for (const source of sources.keys()) {
      for (const sink of sinks.keys()) for (const dataClass of dataClasses) cell(source, sink, dataClass);
    }
  }
  return {
    document: parsed,
    regions,
    inventory: createInventory(parsed.classification),
    sources,
    sinks,
    cell,
    namesPersonalData: memo(rememberedColumns, namesPersonalData),
  };
}
