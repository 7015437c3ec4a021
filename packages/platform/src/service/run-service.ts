import { Problem } from '@spine/kernel/problem';
import { drainOnSignal } from '../lifecycle/on-signal.ts';
import { createLog } from '../log/create-log.ts';
import type { Service } from './service.ts';

/** The whole of a `main.ts`: create, listen, drain on a signal. A Problem at the start is told in one event, without a stack. */
export async function runService(name: string, create: () => Promise<Service>): Promise<void> {
  const log = createLog({ service: name, level: 'info' });
  try {
    const service = await create();
    drainOnSignal(() => service.close(), log);
    await service.listen();
  } catch (error) {
    if (error instanceof Problem) {
      const { code, message, fix } = error;
      log.error({ event: 'service.not_started', code, message, fix });
    } else log.error({ event: 'service.not_started', err: error });
    process.exit(error instanceof Problem && error.code === 'CONFIG_INVALID' ? 2 : 3);
  }
}
