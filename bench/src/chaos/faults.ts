import { setTimeout as sleep } from 'node:timers/promises';
import { runAll } from '../cdc/clusters.ts';
import type { ChaosStage } from './chaos-stage.ts';

/** Something that goes wrong while rows are written. */
export interface Fault {
  readonly name: string;
  /** Lets it happen, and resolves when the world is whole again: recovery is counted from there. */
  inflict(stage: ChaosStage): Promise<void>;
}

// The failpoints of the pipeline (subgraphs/cdc/src/pipeline/failpoint.ts).
const points = ['taken', 'decided', 'applied', 'recorded', 'committed', 'acknowledged'];
const copyPoints = ['copying', 'copied'];

/** The faults of the matrix. Outages last `seconds`. */
export function faults(seconds: number): readonly Fault[] {
  return [
    ...points.map((point) => ({
      name: `worker killed when a batch is ${point}`,
      inflict: (stage: ChaosStage) => stage.killAt(point),
    })),
    ...copyPoints.map((point) => ({
      name: `worker killed when a table is ${point}`,
      async inflict(stage: ChaosStage) {
        await stage.resnapshot();
        await stage.killAt(point);
      },
    })),
    {
      name: 'worker killed',
      inflict: async (stage) => void process.kill(await stage.workerPid(), 'SIGKILL'),
    },
    {
      // Its lease runs out and another takes over; then it wakes up and believes that it still holds the route.
      name: 'two workers, one asleep past its lease',
      async inflict(stage) {
        const pid = await stage.workerPid();
        process.kill(pid, 'SIGSTOP');
        await sleep(12_000);
        process.kill(pid, 'SIGCONT');
      },
    },
    { name: 'source connections reset', inflict: async (stage) => stage.sourceProxy.reset() },
    {
      name: 'source connections stalled',
      async inflict({ sourceProxy }) {
        sourceProxy.partition();
        await sleep(seconds * 1000);
        sourceProxy.heal();
      },
    },
    {
      name: 'source slow, 100 ms a packet',
      async inflict({ sourceProxy }) {
        sourceProxy.delay(100);
        await sleep(seconds * 1000);
        sourceProxy.delay(0);
      },
    },
    { name: 'sink connections reset', inflict: async (stage) => stage.sinkProxy.reset() },
    {
      name: 'sink connections stalled',
      async inflict({ sinkProxy }) {
        sinkProxy.partition();
        await sleep(seconds * 1000);
        sinkProxy.heal();
      },
    },
    {
      name: 'sink slow, 100 ms a packet',
      async inflict({ sinkProxy }) {
        sinkProxy.delay(100);
        await sleep(seconds * 1000);
        sinkProxy.delay(0);
      },
    },
    {
      name: `sink down for ${seconds * 6} s`,
      async inflict({ sinkProxy }) {
        sinkProxy.cut();
        await sleep(seconds * 6_000);
        sinkProxy.heal();
      },
    },
    {
      name: 'sink server killed',
      async inflict({ sink }) {
        await sink.kill9();
        await sink.restart();
      },
    },
    {
      name: 'source server killed',
      async inflict({ source }) {
        await source.kill9();
        await source.restart();
      },
    },
    {
      name: 'sink disk full',
      async inflict({ sinkUrl }) {
        await runAll(
          sinkUrl,
          `create function full_disk() returns trigger language plpgsql as
             $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$`,
          'create trigger full_disk before insert or update on t for each row execute function full_disk()',
        );
        await sleep(seconds * 1000);
        await runAll(sinkUrl, 'drop trigger full_disk on t', 'drop function full_disk');
      },
    },
  ];
}
