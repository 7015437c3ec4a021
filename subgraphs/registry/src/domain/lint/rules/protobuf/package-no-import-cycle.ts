import type { ProtobufRule } from '../../lint-rule.ts';

export const packageNoImportCycle: ProtobufRule = {
  id: 'PACKAGE_NO_IMPORT_CYCLE',
  format: 'PROTOBUF',
  severity: 'warning',
  summary: 'No package imports, by way of others, one that imports it, even where no file does.',
  check: ({ file, dependencies }) => {
    const packageOf = new Map(dependencies.map((each) => [each.path, each.package]));
    const imported = new Map<string, Set<string>>();
    for (const each of [file, ...dependencies]) {
      const targets = each.imports.flatMap(({ path }) => packageOf.get(path) ?? []);
      const known = imported.get(each.package) ?? new Set();
      imported.set(each.package, new Set([...known, ...targets.filter((target) => target !== each.package)]));
    }
    const reached = new Set<string>();
    const open = [...(imported.get(file.package) ?? [])];
    // Grows while it is read; a package is looked at once.
    for (const next of open) {
      if (reached.has(next)) continue;
      reached.add(next);
      open.push(...(imported.get(next) ?? []));
    }
    if (file.package === '' || !reached.has(file.package)) return [];
    return [{ path: '/package', message: `the package ${file.package} imports itself by way of others` }];
  },
};
