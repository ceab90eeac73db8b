import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { testServer } from '../../server/testing/test-server.js';
import parts from '../install/parts.json' with { type: 'json' };
import { doctor, examine, render } from './doctor.js';

interface Result {
  name: string;
  state: string;
  detail: string;
  cost: string | null;
  remedy: string | null;
}

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'crosscheck-doctor-'));
  vi.stubEnv('DATA_DIR', dataDir);
  vi.stubEnv('PORT', '0');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(dataDir, { recursive: true });
});

/** The doctor's findings by name, and its exit code. */
async function diagnose(): Promise<{ code: number; found: Record<string, Result> }> {
  const lines: string[] = [];
  const code = await doctor({ json: true, print: (line) => lines.push(line) });
  const results = JSON.parse(lines.join('\n')) as Result[];
  return { code, found: Object.fromEntries(results.map((result) => [result.name, result])) };
}

describe('crosscheck doctor', { timeout: 120_000 }, () => {
  it('finds everything that Crosscheck needs on the machine that runs the tests', async () => {
    const { code, found } = await diagnose();
    expect(Object.values(found).filter(({ state }) => state === 'missing')).toEqual([]);
    expect(code).toBe(0);
    expect(found.engine?.detail).toMatch(/wasm: (native|AssemblyScript) kernels/);
    expect(found.PostgreSQL?.detail).toMatch(/^embedded, postgres \(PostgreSQL\) 1\d/);
    expect(found['disk: server']?.detail).toContain(dataDir);
    for (const { name, state, cost, remedy } of Object.values(found)) {
      expect(cost !== null && remedy !== null, `${name}: cost and remedy`).toBe(state !== 'ok');
    }
  });

  it('prints a line for each check, and a summary', async () => {
    const lines: string[] = [];
    await doctor({ json: false, print: (line) => lines.push(line) });
    for (const name of ['Node', 'C++ compiler', 'GPU', 'engine', 'PostgreSQL', 'port', 'disk: runner', 'browser']) {
      expect(
        lines.filter((line) => new RegExp(`^(ok|warning|missing) +${name.replace(/\+/g, '\\+')} `).test(line)),
        name,
      ).toHaveLength(1);
    }
    expect(lines.at(-1)).toMatch(/^Crosscheck works here/);
  });

  it('names an invalid setting, and still runs the other checks', async () => {
    vi.stubEnv('PORT', 'http');
    const { code, found } = await diagnose();
    expect(code).toBe(1);
    expect(found.settings).toMatchObject({
      state: 'missing',
      detail: expect.stringMatching(/^PORT: "http" is not valid/),
    });
    expect(found.Node).toBeDefined();
  });

  it('names everything that is missing: a port that is in use, a database that does not answer', async () => {
    const stranger = createServer().listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    const taken = (stranger.address() as AddressInfo).port;
    vi.stubEnv('PORT', String(taken));
    vi.stubEnv('DATABASE_URL', 'postgres://me:secret@127.0.0.1:9/lab');
    const { code, found } = await diagnose();
    stranger.close();
    expect(code).toBe(1);
    expect(found.port).toMatchObject({
      state: 'missing',
      detail: `another program is listening on 127.0.0.1:${taken}`,
    });
    expect(found.PostgreSQL).toMatchObject({
      state: 'missing',
      detail: expect.stringMatching(/^127\.0\.0\.1:9\/lab \(DATABASE_URL\): .*ECONNREFUSED/),
    });
    expect(JSON.stringify(found)).not.toContain('secret');
  });
});

describe('the doctor next to a running server', { timeout: 120_000 }, () => {
  const server = testServer();

  it('recognises it, and reaches its database', async () => {
    vi.stubEnv('PORT', new URL(server.url).port);
    vi.stubEnv('DATABASE_URL', server.database.url);
    const { code, found } = await diagnose();
    expect(found.PostgreSQL).toMatchObject({ state: 'ok', detail: expect.stringMatching(/^PostgreSQL 1\d\.\d+ at /) });
    expect(found.port?.detail).toMatch(/^a Crosscheck server \(\d+\.\d+\.\d+\) answers at 127\.0\.0\.1:\d+$/);
    expect(code).toBe(0);
  });
});

describe('a check that fails itself', () => {
  it('is reported with its message', async () => {
    const broken = { name: 'GPU', look: () => Promise.reject(new Error('the driver says no')) };
    expect(await examine(broken)).toMatchObject({
      name: 'GPU',
      state: 'missing',
      detail: 'the check failed: the driver says no',
    });
  });
});

describe('the lines', () => {
  it('are aligned, with cost and remedy below, and the summary names what is missing', () => {
    const results = [
      { name: 'Node', state: 'ok', detail: '24.1.0', cost: null, remedy: null },
      { name: 'PostgreSQL', state: 'missing', detail: 'none', ...parts.postgres },
    ] as const;
    expect(render([...results])).toEqual([
      'ok       Node        24.1.0',
      'missing  PostgreSQL  none',
      `                     cost: ${parts.postgres.cost}`,
      `                     to do: ${parts.postgres.remedy}`,
      '',
      'Crosscheck cannot work here; missing: PostgreSQL',
    ]);
  });
});
