import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { RunnerInfoInput } from '../../../schema/generated/runner/graphql.js';
import { PROTOCOL_VERSION } from '../../../schema/protocol-version.js';
import { Agent } from '../agent.js';
import type { Waits } from '../retry.js';
import { ServerClient } from '../server-client.js';
import { SCHEMA, ScriptedServer } from './scripted-server.js';

/** Agents with a home and a server of their own, which `testAgents` sets up. */

const trainScript = join(import.meta.dirname, 'child.mjs');
const classes = ['background', 'disc'].map((name) => ({ name, color: '#102030' }));
const images = { trainImages: 2, unlabelledImages: 0, valImages: 1, testImages: 1 };
/** The dataset that the agents announce. */
export const SHAPES = {
  name: 'shapes',
  kind: 'shapes',
  classes,
  ignoreIndex: 255,
  ...images,
  fingerprint: 'a'.repeat(64),
};
/** Answers the agents of this file. */
export const server = new ScriptedServer();
/** The agent's home, new for each test. */
export let home: string;
/** What the agents of a test have logged. */
export let lines: string[];

/** Sets up the home and the server before each test of the file that calls this, and removes them after it. */
export function testAgents(): void {
  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), 'crosscheck-agent-'));
    lines = [];
    Object.assign(server, {
      heartbeatDirective: 'CONTINUE',
      resumeFrom: null,
      uploads: 'open',
      downloads: 'allowed',
      slotLimit: 8,
      beforePiece: async () => {},
      protocolVersion: PROTOCOL_VERSION,
      schema: buildSchema(SCHEMA),
      versionWarning: null,
      skewMs: null,
    });
    const { reports, finished, operations, problems, announced } = server;
    const { queue, claimedMs, troubles, finishTroubles, refusals } = server;
    for (const list of [reports, finished, operations, problems, announced]) list.length = 0;
    for (const list of [queue, claimedMs, troubles, finishTroubles, refusals]) list.length = 0;
    server.blobs.clear();
    server.opened.clear();
    server.sequences.clear();
    await server.listen();
  });
  afterEach(async () => {
    vi.useRealTimers();
    await server.close();
    rmSync(home, { recursive: true });
  });
}

interface TestOptions {
  once?: boolean;
  spoolMaxBytes?: number;
  /** One for each slot. */
  adapters?: (string | null)[];
  stallSeconds?: number;
  /** `home` by default. */
  at?: string;
  reserveBytes?: number;
  diskWaits?: Waits;
  /** What it announces besides what every agent here does. */
  info?: Partial<RunnerInfoInput>;
}

export function agent({
  once = true,
  adapters = [null],
  stallSeconds,
  at = home,
  info,
  ...others
}: TestOptions = {}): Agent {
  const log = (line: string): void => void lines.push(line);
  return new Agent({
    home: at,
    instance: { id: randomUUID(), host: 'h' },
    info: {
      name: 'r',
      host: 'h',
      engine: 'wasm',
      device: 'cpu',
      version: '0',
      pool: 'default',
      slots: adapters.length,
      datasets: [SHAPES],
      ...info,
    },
    slots: adapters.map((adapter) => ({ kernels: 'auto', adapter })),
    sources: [{ name: 'shapes', kind: 'shapes', directory: null }],
    client: new ServerClient(server.url, 'token', log),
    trainScript,
    once,
    stallSeconds: stallSeconds ?? null,
    log,
    ...others,
  });
}

export const steps = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
export const reportedSteps = (): number[] => server.points('loss').map(([step]) => step);
export const attemptFolders = (): string[] =>
  existsSync(join(home, 'attempts')) ? readdirSync(join(home, 'attempts')) : [];

export function until(condition: () => boolean): Promise<void> {
  return vi.waitFor(() => expect(condition(), lines.join('\n')).toBe(true), { timeout: 60_000, interval: 5 });
}

/** Waits long enough for several polls for work. The agent polls as often as it sends heartbeats. */
export function severalPolls(): Promise<void> {
  const heartbeats = () => server.operations.filter((name) => name === 'Heartbeat').length;
  const before = heartbeats();
  return until(() => heartbeats() >= before + 5);
}
