import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of the peers' programs. */
export const peersFolder = new URL('../../peers/', import.meta.url);

/** Installs the gateways that we measure against, where they are not yet: nothing else needs them. */
export function installPeers(): void {
  const folder = fileURLToPath(peersFolder);
  if (existsSync(`${folder}/node_modules`)) return;
  console.error('installing the peers (bench/peers) ...');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('the peers cannot be installed: see npm above');
}
