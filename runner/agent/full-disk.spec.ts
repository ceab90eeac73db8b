import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SmallDisk } from '../../processes/small-disk.js';
import { Spool } from './spool.js';
import {
  agent,
  home,
  lines,
  reportedSteps,
  server,
  severalPolls,
  steps,
  testAgents,
  until,
} from './testing/test-agent.js';

testAgents();

const MIB = 1024 ** 2;
const FULL = /^the disk of the runner is full \(ENOSPC in write\)$/;

test('a run that is lost to the disk ends no other run; the runner says so, waits, and claims again', async () => {
  const reason = 'the disk of the runner is full (ENOSPC in write)';
  server.queue.push({ steps: 1, lostToDisk: reason }, { steps: 40, stepMs: 20 }, { steps: 2 });
  const working = agent({ once: false, adapters: ['0', '1'], diskWaits: { firstMs: 1500, longestMs: 1500 } });
  const ended = working.run();
  await until(() => server.finished.length === 2);
  expect(server.finished).toEqual([
    { outcome: 'LOST', message: reason },
    { outcome: 'SUCCEEDED', message: null },
  ]);
  await until(() => server.finished.length === 3);
  const waiting = server.problems.find((problem) => problem?.startsWith(`${reason}; it tries again after `));
  expect(server.claimedMs[2]).toBeGreaterThanOrEqual(Date.parse(waiting!.split(' after ')[1]!));
  await until(() => server.problems.at(-1) === null);
  working.drain('the test is over');
  await ended;
  expect(lines).toContain('claiming runs again');
});

test('an agent that restarts does not forget that the last run was lost to the disk', async () => {
  server.queue.push({ steps: 1, lostToDisk: 'the disk of the runner is full (ENOSPC)' }, { steps: 1 });
  const waits = { firstMs: 60_000, longestMs: 60_000 };
  expect(await agent({ diskWaits: waits }).run()).toMatchObject({ outcome: 'LOST' });
  const restarted = agent({ once: false, diskWaits: waits });
  const ended = restarted.run();
  await severalPolls();
  expect(server.queue).toHaveLength(1);
  expect(server.problems.at(-1)).toContain('the disk of the runner is full');
  restarted.drain('the test is over');
  await ended;
});

describe.skipIf(!SmallDisk.isPossible)('on a disk of a few megabytes', () => {
  let disk: SmallDisk;
  beforeEach(() => {
    const path = join(home, 'disk');
    mkdirSync(path);
    disk = SmallDisk.mount(path, '4m');
  });
  afterEach(() => disk.unmount());

  const fill = () => {
    const file = join(disk.path, 'other');
    // Larger than what is free.
    expect(() => writeFileSync(file, Buffer.alloc(8 * MIB))).toThrow('ENOSPC');
    return () => rmSync(file);
  };

  test('a spool never holds a part of a report, and continues with the next number', async () => {
    const spool = await Spool.create(disk.path, MIB);
    const content = { log: [{ at: '2026-01-01T00:00:00.000Z', level: 'INFO' as const, message: 'x'.repeat(300_000) }] };
    expect(await spool.append(content)).toBe(1);
    const empty = fill();
    await expect(spool.append(content)).rejects.toThrow('ENOSPC');
    await expect(spool.storeImage(new Uint8Array(2 * MIB))).rejects.toThrow('ENOSPC');
    expect(readdirSync(join(disk.path, 'blobs'))).toEqual([]);
    expect(readFileSync(join(disk.path, 'reports.ndjson'), 'utf8').split('\n')).toHaveLength(2);
    empty();
    expect(await spool.append(content)).toBe(2);
    spool.close();
    const recovered = await Spool.recover(disk.path);
    expect(recovered.oldest()?.sequence).toBe(1);
    await recovered.acknowledge(1);
    expect(recovered.oldest()?.sequence).toBe(2);
    recovered.close();
  });

  test('no run is claimed without room for one, and one is when there is room again', async () => {
    server.queue.push({ steps: 2 });
    const empty = fill();
    const working = agent({ once: false, at: disk.path, reserveBytes: MIB });
    const ended = working.run();
    await severalPolls();
    expect(server.queue).toHaveLength(1);
    expect(server.problems.at(-1)).toBe(
      'the disk of the runner has 0 MiB free, but a run needs 1 MiB: free some space on it',
    );
    empty();
    await until(() => server.finished.length === 1);
    working.drain('the test is over');
    await ended;
    expect(server.finished).toEqual([{ outcome: 'SUCCEEDED', message: null }]);
  });

  test('images that no longer fit end the run as LOST, and the next one trains', async () => {
    server.queue.push({ steps: 1e6, stepMs: 5, sampleBytes: 100_000 }, { steps: 2 });
    server.troubles.push('CONTINUE', ...Array.from({ length: 1000 }, () => 'unavailable' as const));
    const waits = { firstMs: 100, longestMs: 100 };
    const working = agent({ once: false, at: disk.path, reserveBytes: MIB, diskWaits: waits });
    const ended = working.run();
    await until(() => lines.some((line) => line.includes('the disk of the runner is full')));
    server.troubles.length = 0;
    await until(() => server.finished.length === 2);
    working.drain('the test is over');
    await ended;
    expect(server.finished).toEqual([
      { outcome: 'LOST', message: expect.stringMatching(FULL) },
      { outcome: 'SUCCEEDED', message: null },
    ]);
    // What was stored before is delivered, without a gap.
    const first = server.reports.filter(({ attemptId }) => attemptId === server.reports[0]!.attemptId);
    expect(first.map(({ sequence }) => sequence)).toEqual(steps(first.length));
    expect(reportedSteps().length).toBeGreaterThan(2);
  });

  test('a checkpoint to resume from that does not fit is not downloaded', async () => {
    server.resumeFrom = { step: 4, sha256: 'a'.repeat(64), bytes: 2 * MIB, url: `/blobs/${'a'.repeat(64)}` };
    server.queue.push({ steps: 6 }, { steps: 6 });
    const options = { at: disk.path, reserveBytes: MIB, diskWaits: { firstMs: 1, longestMs: 1 } };
    const message = 'the disk of the runner has 4 MiB free, but a run needs 7 MiB: free some space on it';
    expect(await agent(options).run()).toEqual({ outcome: 'LOST', message });
    // It remembers how large the checkpoints are, and claims nothing that would not fit either.
    expect(await agent(options).run()).toBeNull();
    expect(server.queue).toHaveLength(1);
  });

  test('no run is claimed while the disk is read-only', async () => {
    server.queue.push({ steps: 2 });
    disk.remount('ro');
    const working = agent({ once: false, at: disk.path, reserveBytes: MIB });
    const ended = working.run();
    await severalPolls();
    expect(server.queue).toHaveLength(1);
    expect(server.problems.at(-1)).toBe('the disk of the runner is read-only (EROFS in open)');
    disk.remount('rw');
    await until(() => server.finished.length === 1);
    working.drain('the test is over');
    await ended;
    expect(server.finished).toEqual([{ outcome: 'SUCCEEDED', message: null }]);
  });
});
