import { randomBytes } from 'node:crypto';
import { parseLsn } from '@spine/kernel/lsn';
import { systemClock } from '@spine/platform/clock';
import { createLog } from '@spine/platform/log/create-log';
import pg from 'pg';
import { expect, test } from 'vitest';
import { createPostgresSink } from './postgres-sink.ts';
import { FencedOut } from './sink.ts';
import { createSinkPair } from './sink-pair-suite.ts';

const log = createLog({ service: 'test', level: 'silent' });
const never = new AbortController().signal;

test('the first take-over makes the state and has no checkpoint; the next finds what was recorded', async () => {
  await using pair = await createSinkPair();
  const sink = createPostgresSink({ url: pair.sinkUrl, route: 'test', log, clock: systemClock });
  const first = await sink.takeOver(never);
  expect([first.epoch, first.checkpoint, first.tables]).toEqual([1n, null, []]);
  await first.initialise({ lsn: parseLsn('0/10'), systemId: '77', timeline: 3, slot: 'spine_test' });
  await first.advance(parseLsn('0/20'));
  await first.advance(parseLsn('0/18'));
  await first.close();
  const second = await sink.takeOver(never);
  expect(second.epoch).toBe(2n);
  expect(second.checkpoint).toMatchObject({
    lsn: parseLsn('0/20'),
    changes: 0n,
    systemId: '77',
    timeline: 3,
    slot: 'spine_test',
  });
  await sink.close();
});

test('several routes may be the first at a sink at once', async () => {
  await using pair = await createSinkPair();
  const sessions = await Promise.all(['a', 'b', 'c', 'd'].map((route) => pair.open(route)));
  expect(sessions.map((session) => session.epoch)).toEqual([1n, 1n, 1n, 1n]);
});

test('a session that is still there is ended after the wait, and cannot write any more', async () => {
  await using pair = await createSinkPair();
  const frozen = await pair.open();
  const next = await pair.open();
  expect(next.epoch).toBe(2n);
  await expect(frozen.advance(parseLsn('0/99'))).rejects.toThrow();
  const [checkpoint] = await pair.atSink('select lsn::text from _spine.checkpoint');
  expect(checkpoint).toEqual({ lsn: '0/1' });
});

test('a session that ends by itself is waited for', async () => {
  await using pair = await createSinkPair();
  const leaving = await pair.open();
  const next = pair.open('test', 10_000);
  await leaving.close();
  expect((await next).epoch).toBe(2n);
});

test('everything that a session writes to the checkpoint is fenced', async () => {
  await using pair = await createSinkPair();
  const session = await pair.open();
  await pair.atSink('update _spine.checkpoint set epoch = epoch + 1');
  const first = { lsn: parseLsn('0/5'), systemId: '1', timeline: 1, slot: 's' };
  await expect(session.initialise(first)).rejects.toBeInstanceOf(FencedOut);
  await expect(session.advance(parseLsn('0/9'))).rejects.toBeInstanceOf(FencedOut);
  await expect(session.forgetTable('public', 't')).rejects.toBeInstanceOf(FencedOut);
});

test('a drain ends the wait for another session', async () => {
  await using pair = await createSinkPair();
  await pair.open();
  const sink = createPostgresSink({
    url: pair.sinkUrl,
    route: 'test',
    log,
    clock: systemClock,
    lockWaitMs: 60_000,
  });
  const drain = new AbortController();
  const waiting = sink.takeOver(drain.signal);
  setTimeout(() => drain.abort(new Error('drain')), 100);
  await expect(waiting).rejects.toThrow('drain');
});

test('an unreachable sink is a Problem without its password', async () => {
  const sink = createPostgresSink({
    url: 'postgres://someone:s3cret@127.0.0.1:1/nowhere',
    route: 'test',
    log,
    clock: systemClock,
  });
  const error = await sink.takeOver(never).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'SINK_UNREACHABLE' });
  expect(String(error)).toContain('127.0.0.1:1');
  expect(String(error)).not.toContain('s3cret');
});

test('a role that may not create the state is told what to run', async () => {
  await using pair = await createSinkPair();
  const role = `weak_${randomBytes(4).toString('hex')}`;
  await pair.atSink(`create role ${role} login password 'weak'`);
  const url = new URL(pair.sinkUrl);
  url.username = role;
  url.password = 'weak';
  const sink = createPostgresSink({ url: url.href, route: 'test', log, clock: systemClock });
  const [{ name } = { name: '' }] = await pair.atSink<{ name: string }>('select current_database() as name');
  await expect(sink.takeOver(never)).rejects.toMatchObject({
    code: 'SINK_PRIVILEGE',
    fix: `As its owner run: grant create on database ${pg.escapeIdentifier(name)} to ${pg.escapeIdentifier(role)}`,
  });
  await pair.atSink(`drop role ${role}`);
});
