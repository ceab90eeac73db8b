import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readIdentity, writeIdentity } from '../../../runner/agent/identity.js';
import { emptyTables } from '../../../server/testing/empty-tables.js';
import { TestRunner, testServer, USER_TOKEN } from '../../../server/testing/test-server.js';
import { crosscheck } from '../../testing/crosscheck.js';

const server = testServer({ authRequired: true });
let runner: TestRunner;
const command = (...args: string[]) => crosscheck('runner', ...args, '--server', server.url, '--token', USER_TOKEN);

beforeEach(async () => {
  await emptyTables(server.database.dataSource, 'runs', 'runners');
  runner = await server.registerRunner();
});

const state = async () => (await server.ask('{ runners { name state paused } }', {}, USER_TOKEN)).runners[0];

describe('an admin', () => {
  it('pauses, resumes, drains and renames a runner by its name or id', async () => {
    expect(await command('pause', 'gpu-1')).toEqual({
      ...{ code: 0, out: ['runner "gpu-1" is paused: it claims no runs until it is resumed'], err: [] },
    });
    expect(await state()).toEqual({ name: 'gpu-1', state: 'ONLINE', paused: true });
    await command('resume', runner.id);
    expect((await command('drain', 'gpu-1')).out).toEqual(['runner "gpu-1" is draining: its runs return to the queue']);
    expect(await state()).toEqual({ name: 'gpu-1', state: 'DRAINING', paused: false });
    const { out } = await command('undrain', 'gpu-1', '--json');
    expect(JSON.parse(out[0]!)).toEqual({ id: runner.id, name: 'gpu-1', state: 'ONLINE', paused: false });
    expect((await command('rename', 'gpu-1', 'big')).out).toEqual(['runner "gpu-1" is called "big" now']);
    expect((await state()).name).toBe('big');
  });

  it('is told which runner is meant', async () => {
    expect((await command('pause', 'gpu-9')).err).toEqual([`error: there is no runner "gpu-9" on ${server.url}`]);
    const twin = await server.registerRunner();
    const { code, err } = await command('pause', 'gpu-1');
    expect(code).toBe(2);
    expect(err[0]).toMatch(/^error: 2 runners are called "gpu-1": give the id of one: /);
    expect((await command('pause', twin.id)).code).toBe(0);
  });
});

describe('runner rotate-token', () => {
  it('writes the new token into the home, where only its owner can read it', async () => {
    const home = mkdtempSync(join(tmpdir(), 'crosscheck-rotate-'));
    await writeIdentity(home, {
      ...{ server: `${server.url}/graphql`, runnerId: runner.id, token: runner.token, name: 'gpu-1', pool: 'default' },
      ...{ engine: 'wasm', device: 'cpu', slots: [{ kernels: 'auto', adapter: null }], data: [] },
    });
    const rotate = ['runner', 'rotate-token', '--home', home, '--token', USER_TOKEN];
    const { code, out } = await crosscheck(...rotate);
    expect({ code, out }).toEqual({
      code: 0,
      out: [`the home ${home} has a new token; if its agent is running, restart it now`],
    });
    const { token, ...identity } = readIdentity(home);
    expect(token).not.toBe(runner.token);
    expect(identity).toMatchObject({ runnerId: runner.id, name: 'gpu-1' });
    expect(statSync(join(home, 'runner.json')).mode & 0o777).toBe(0o600);
    expect(await new TestRunner(server, runner.id, token).claim()).toBeNull();
    await expect(runner.claim()).rejects.toThrow('UNAUTHENTICATED');
    expect((await crosscheck(...rotate, '--overlap', '60')).out[0]).toMatch(/restart it within 60 s$/);
    expect(await new TestRunner(server, runner.id, token).claim()).toBeNull();
  });
});
