import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openInstance } from './instance.js';
import { attemptId } from './testing/scripted-server.js';
import { agent, attemptFolders, home, lines, server, testAgents, until } from './testing/test-agent.js';
import { snapshot } from './testing/watched-tree.js';

testAgents();

const REFUSED = 'the server refused: another copy is in use';

test('an instance waits while another one may just have stopped, and then starts', async () => {
  server.refusals.push(0.2, 0.1);
  expect(await agent().run()).toBeNull();
  expect(lines).toContain('another copy is in use; in case it has just stopped, this runner waits for at most 1 s');
  expect(server.operations.slice(0, 4)).toEqual(['Heartbeat', 'Heartbeat', 'Heartbeat', 'StartRunner']);
  expect(server.operations.at(-1)).toBe('ReleaseRunner');
});

test('an instance ends when the other one is heard again, and has changed nothing', async () => {
  const folder = join(home, 'attempts', attemptId(9));
  cpSync(join(import.meta.dirname, 'testing'), folder, { recursive: true });
  writeFileSync(join(folder, 'attempt.json'), JSON.stringify({ attemptId: attemptId(9), fence: 9 }));
  writeFileSync(join(folder, 'reports.ndjson'), '');
  const before = snapshot(home, []);
  server.refusals.push(0.01, 60);
  await expect(agent().run()).rejects.toThrow(REFUSED);
  expect(server.operations).toEqual(['Heartbeat', 'Heartbeat']);
  expect(snapshot(home, [])).toEqual(before);
});

test('an instance ends when another one has taken over', async () => {
  server.queue.push({ steps: 1e6, stepMs: 5 });
  const running = agent({ once: false }).run();
  const ended = expect(running).rejects.toThrow(REFUSED);
  await until(() => server.reports.length > 0);
  server.refusals.push(60);
  await ended;
  expect(attemptFolders()).toEqual([]);
});

test('a home keeps its instance when it is moved, and a copy gets another one', async () => {
  const root = mkdtempSync(join(tmpdir(), 'crosscheck-instance-'));
  const open = (folder: string) => openInstance(folder, (line) => lines.push(line));
  try {
    const original = await open(home);
    expect(original.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(await open(home)).toEqual(original);
    cpSync(home, join(root, 'copy'), { recursive: true, preserveTimestamps: true });
    expect((await open(join(root, 'copy'))).id).not.toBe(original.id);
    renameSync(home, join(root, 'moved'));
    expect(await open(join(root, 'moved'))).toEqual(original);
    renameSync(join(root, 'moved'), home);
    expect(readFileSync(join(home, 'instance.json'), 'utf8')).not.toContain(original.id);
    expect(lines).toEqual([]);
  } finally {
    rmSync(root, { recursive: true });
  }
});
