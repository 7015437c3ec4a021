import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { Problem } from '@spine/kernel/problem';

/** The account that runs Postgres when we are root, which Postgres refuses to be. */
export interface RunAs {
  readonly user: string;
  readonly uid: number;
  readonly gid: number;
}

const preferred = ['postgres', 'nobody'] as const;

/**
 * Null when Postgres can run as ourselves; as root an existing unprivileged account, for initdb needs one that is in
 * the passwd file. Never creates one.
 */
export function chooseRunAs(): RunAs | null {
  if (process.getuid === undefined) return null;
  if (process.getuid() !== 0) {
    assertAccount();
    return null;
  }
  const accounts = parsePasswd(readPasswd());
  for (const name of preferred) {
    const account = accounts.find((candidate) => candidate.user === name && candidate.uid !== 0);
    if (account !== undefined) return account;
  }
  throw new Problem(
    'POSTGRES_START_FAILED',
    `Postgres refuses to run as root, and there is no user ${preferred.join(' or ')}`,
    {
      fix: 'run as an ordinary user, or set SPINE_DATABASE_URL to a Postgres of your own',
    },
  );
}

/** The accounts of a passwd file; lines that are none are passed over. */
export function parsePasswd(text: string): readonly RunAs[] {
  return text.split('\n').flatMap((line) => {
    const [user, , uid, gid] = line.split(':');
    if (!user || !/^\d+$/.test(uid ?? '') || !/^\d+$/.test(gid ?? '')) return [];
    return [{ user, uid: Number(uid), gid: Number(gid) }];
  });
}

function readPasswd(): string {
  try {
    return readFileSync('/etc/passwd', 'utf8');
  } catch {
    return '';
  }
}

function assertAccount(): void {
  try {
    userInfo();
  } catch (cause) {
    throw new Problem(
      'POSTGRES_START_FAILED',
      'Postgres needs a user that is listed in the passwd file, and ours is not',
      {
        fix: 'run as a user with a passwd entry, or set SPINE_DATABASE_URL to a Postgres of your own',
        cause,
      },
    );
  }
}
