import { afterEach, describe, expect, it } from 'vitest';
import { CONFIG_VERSION } from '../../schema/config-version.js';
import { PROTOCOL_VERSION } from '../../schema/protocol-version.js';
import { emptyTables } from '../testing/empty-tables.js';
import { datasetInput } from '../testing/results-fixtures.js';
import { runnerInfo, testServer, USER_TOKEN } from '../testing/test-server.js';

const server = testServer();
const version = async () => (await server.ask('{ server { version } }')).server.version;
/** The same as the server. */
const same = async () => ({
  version: await version(),
  protocolVersion: PROTOCOL_VERSION,
  configVersion: CONFIG_VERSION,
});
const warningOf = async (id: string) =>
  (await server.ask('query ($id: ID!) { runner(id: $id) { versionWarning } }', { id }, USER_TOKEN)).runner
    .versionWarning;
const waitsFor = async (id: string) => (await server.run(id, 'waitsFor')).waitsFor;
const need = (id: string, configVersion: number) =>
  server.database.dataSource.query('UPDATE runs SET needed_config_version = $1 WHERE id = $2', [configVersion, id]);

// Each test has runners of its own.
afterEach(() => emptyTables(server.database.dataSource, 'runs', 'runners'));

describe('a runner', () => {
  it('that announces no versions is an older one, which is said and served', async () => {
    const runner = await server.registerRunner();
    const { version: _, ...older } = runnerInfo();
    await runner.start({ ...older, version: await version() });
    expect(await warningOf(runner.id)).toMatch(
      /^the runner is older than the server: .*protocol 1, configurations 1\).*upgrade the runner$/,
    );
    await server.createRun();
    expect(await runner.claim()).not.toBeNull();
  });

  it.each([
    ['older', { version: '0.0.9' }, 'upgrade the runner'],
    ['newer', { version: '99.0' }, 'upgrade the server'],
    ['newer', { protocolVersion: PROTOCOL_VERSION + 1 }, 'upgrade the server'],
    ['newer', { configVersion: CONFIG_VERSION + 1 }, 'upgrade the server'],
  ])('is told that it is %s: %o', async (_, changes, advice) => {
    const runner = await server.registerRunner(await same());
    expect(await warningOf(runner.id)).toBeNull();
    await runner.start({ ...(await same()), ...changes });
    expect(await warningOf(runner.id)).toContain(advice);
  });

  it('is told nothing once a current agent has started, whoever registered it', async () => {
    const runner = await server.registerRunner({ version: '0', protocolVersion: 1, configVersion: 1 });
    expect(await warningOf(runner.id)).toContain('upgrade the runner');
    await runner.start(await same());
    expect(await warningOf(runner.id)).toBeNull();
  });

  it('whose protocol is no longer served is refused, with the version that it needs', async () => {
    const runner = await server.registerRunner();
    const message =
      'BAD_USER_INPUT: this runner is too old for the server: it speaks version 0 of the runner protocol (crosscheck "1"), ' +
      'and the server needs at least 1; upgrade the runner';
    await expect(runner.start({ protocolVersion: 0 })).rejects.toThrow(message);
    await expect(server.registerRunner({ protocolVersion: 0 })).rejects.toThrow(message);
    await expect(runner.start({ configVersion: 0 })).rejects.toThrow('configVersion: must be at least 1; got 0');
  });

  it('gets no run that needs newer configurations than it knows, and the run says so', async () => {
    const older = await server.registerRunner({ name: 'older', version: '0.1' });
    const [newest, first] = [await server.createRun(), await server.createRun()];
    await need(newest, 3);
    expect((await older.claim())?.runId).toBe(first);
    expect(await older.claim()).toBeNull();
    expect(await waitsFor(first)).toBeNull();
    expect(await waitsFor(newest)).toBe(
      'it needs configuration version 3, but older has 1 (crosscheck 0.1): upgrade a runner',
    );
    const newer = await server.registerRunner({ configVersion: 3 });
    expect(await waitsFor(newest)).toBeNull();
    expect((await newer.claim())?.runId).toBe(newest);
  });
});

describe('a run with a setting that is newer than version 1', () => {
  it('is given only to runners that know it; others get runs without the key', async () => {
    const older = await server.registerRunner({ name: 'older', version: '0.1' });
    const limited = await server.createRun({}, { training: { iterations: 10, maxHours: 2 } });
    const plain = await server.createRun({}, { training: { iterations: 10 } });
    const claim = (await older.claim())!;
    expect(claim.runId).toBe(plain);
    expect(await older.claim()).toBeNull();
    expect(await waitsFor(limited)).toMatch(/^it needs configuration version 2, but older has 1/);
    const newer = await server.registerRunner({ configVersion: CONFIG_VERSION });
    expect((await newer.claim())?.runId).toBe(limited);
  });
});

describe('a run that no runner can claim', () => {
  it('says what the runners lack', async () => {
    const runner = await server.registerRunner({ name: 'gpu-1', engine: 'cpu' });
    const ready = await server.createRun();
    const elsewhere = await server.createRun({}, { placement: { pool: 'large' } });
    const fast = await server.createRun({}, { placement: { engine: 'webgpu' } });
    expect(await waitsFor(ready)).toBeNull();
    expect(await waitsFor(elsewhere)).toBe('there is no runner in pool "large"');
    expect(await waitsFor(fast)).toBe('no runner in pool "default" has the engine webgpu');
    const beat = (problem: string | null) =>
      server.ask(
        'mutation ($problem: String) { heartbeat(attempts: [], problem: $problem) { directive } }',
        { problem },
        runner.token,
      );
    await beat('its disk is full');
    expect(await waitsFor(ready)).toBe('no runner that fits claims runs at the moment: gpu-1 (its disk is full)');
    await beat(null);
    expect(await waitsFor(ready)).toBeNull();
    await server.ask('mutation ($id: ID!) { drainRunner(id: $id) { id } }', { id: runner.id }, USER_TOKEN);
    expect(await waitsFor(ready)).toBe('no runner that fits claims runs at the moment: gpu-1 (draining)');
    await runner.start({
      engine: 'cpu',
      datasets: [{ ...datasetInput(), name: 'other', fingerprint: 'e'.repeat(64) }],
    });
    expect(await waitsFor(ready)).toBe('no runner that fits holds the dataset "shapes"');
  });
});
