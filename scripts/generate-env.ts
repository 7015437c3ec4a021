import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Writes what docker-compose.yml asks for: .env with fresh secrets and the hashed tokens beside it. Never overwrites.
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = process.argv[2] ?? root;
const envFile = join(folder, '.env');
const tokensFile = join(folder, 'deploy/generated/tokens.json');

if (existsSync(envFile)) {
  console.error(`${envFile} is there already; take it away first to make new secrets`);
  process.exit(1);
}
const secret = () => randomBytes(32).toString('hex');
const token = secret();
const lines = {
  POSTGRES_PASSWORD: secret(),
  SPINE_SERVICE_SECRET: secret(),
  SPINE_OBLIGATION_KEY: secret(),
  GRAFANA_PASSWORD: secret(),
  SPINE_TOKEN: token,
};
writeFileSync(
  envFile,
  Object.entries(lines)
    .map(([name, value]) => `${name}=${value}\n`)
    .join(''),
  { mode: 0o600 },
);
mkdirSync(dirname(tokensFile), { recursive: true });
const sha256 = createHash('sha256').update(token).digest('hex');
writeFileSync(
  tokensFile,
  `${JSON.stringify([{ id: 'admin', sha256, roles: ['admin'], functions: [] }], null, 2)}\n`,
);
console.log(`wrote ${envFile} and ${tokensFile}; the admin's bearer token is SPINE_TOKEN in .env`);
