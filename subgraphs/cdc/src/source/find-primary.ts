import { connectSource, endClient, type SourceAddress } from './connect-source.ts';

/** Once a server that takes writes has answered, the others have this long to say that they do, too. */
const graceMs = 1_000;

/**
 * Which of the addresses of a source takes writes now: after a promotion it is no longer the first. Of two that do (a former primary
 * that came back) the one on the later timeline is asked; whether it continues what was delivered is for the boot checks to say. When
 * none answers, or all are standbys, the first: its own error tells what is wrong.
 */
export async function findPrimary(
  addresses: readonly [SourceAddress, ...SourceAddress[]],
): Promise<SourceAddress> {
  const [first] = addresses;
  if (addresses.length === 1) return first;
  let best: { readonly address: SourceAddress; readonly timeline: number } | null = null;
  let timer: NodeJS.Timeout | undefined;
  let late = (): void => undefined;
  const grace = new Promise<void>((resolve) => {
    late = () => {
      timer ??= setTimeout(resolve, graceMs);
    };
  });
  const asked = addresses.map(async (address) => {
    const timeline = await writableTimeline(address);
    if (timeline === null || (best !== null && best.timeline >= timeline)) return;
    best = { address, timeline };
    late();
  });
  await Promise.race([Promise.allSettled(asked), grace]);
  clearTimeout(timer);
  return answerOf(best) ?? first;
}

function answerOf(best: { readonly address: SourceAddress } | null): SourceAddress | undefined {
  return best?.address;
}

/** The timeline that the server writes on; null for a standby and for one that does not answer. */
async function writableTimeline(address: SourceAddress): Promise<number | null> {
  const client = await connectSource(address, 'ordinary').catch(() => null);
  if (client === null) return null;
  try {
    // The control file learns of a promotion late; the name of the segment that is being written has it at once.
    const { rows } = await client.query<{ segment: string | null }>(
      'select case when pg_is_in_recovery() then null else pg_walfile_name(pg_current_wal_lsn()) end as segment',
    );
    const segment = rows[0]?.segment ?? null;
    return segment === null ? null : Number.parseInt(segment.slice(0, 8), 16);
  } catch {
    return null;
  } finally {
    await endClient(client);
  }
}
