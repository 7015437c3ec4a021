import type { Finding } from './finding.ts';

/** Node's version against the floor of the product. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const good = major > 20 || (major === 20 && minor >= 19);
  return {
    name: 'node',
    good,
    detail: version,
    ...(!good && { fix: 'Install Node 20.19 or newer.' }),
  };
}
