import { randomUUID } from 'node:crypto';
import 'reflect-metadata';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { version } from '../cli/version.js';
import { FaultyLine } from '../processes/faulty-line.js';
import { Agent } from '../runner/agent/agent.js';
import { ServerClient } from '../runner/agent/server-client.js';
import { CONFIG_VERSION } from '../schema/config-version.js';
import { RegisterRunnerDocument } from '../schema/generated/runner/graphql.js';
import { PROTOCOL_VERSION } from '../schema/protocol-version.js';
import { type App, createApp } from '../server/app.js';
import { EmbeddedPostgres } from '../server/database/embedded-postgres.js';
import { readEnv } from '../server/env.js';
import { createLogger } from '../server/logger.js';
import { packageRoot } from '../server/package-root.js';

export interface SlowUpload {
  /** Of the checkpoint. */
  bytes: number;
  bytesPerSecond: number;
  /** How often the line breaks, at equal distances. */
  cuts: number;
  log?: (message: string) => void;
}

export interface SlowUploadResult {
  state: string;
  /** From the first byte of the checkpoint until the server has acknowledged it. */
  seconds: number;
  /** What the line let through to the servers, reports and headers included. */
  sentBytes: number;
  /** How long the run had ended when the checkpoint arrived. */
  lateSeconds: number;
  /** The step and the size of the checkpoint that the server has. */
  stored: { step: number; bytes: number } | null;
}

const TOKEN = 'registration-token';
const ITERATIONS = 10;

/**
 * A run whose checkpoint an agent sends over a slow line that breaks again and again, to two servers on one database in turn. The
 * agent and the servers are real; the training process only writes a checkpoint.
 */
export async function uploadSlowly({
  bytes,
  bytesPerSecond,
  cuts,
  log = () => {},
}: SlowUpload): Promise<SlowUploadResult> {
  const folder = mkdtempSync(join(tmpdir(), 'crosscheck-upload-'));
  // If this is root, PostgreSQL runs as another user, who needs access.
  chmodSync(folder, 0o755);
  const closers: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  try {
    const logger = createLogger('warn');
    const database = await EmbeddedPostgres.start(join(folder, 'server'), logger);
    closers.push(() => database.stop());
    const env = { ...readEnv({ PORT: '0' }), databaseUrl: database.url, registrationToken: TOKEN };
    const apps: App[] = [];
    for (let i = 0; i < 2; i++) {
      const app = await createApp(env, logger);
      apps.push(app);
      closers.push(() => app.close());
    }
    const marks = { firstByteMs: 0, cuts: 0 };
    const line: FaultyLine = await FaultyLine.open({
      ports: apps.map(({ url }) => Number(new URL(url).port)),
      speed: { bytesPerSecond },
      onSent: (sent) => {
        // The first reports are small.
        if (sent > 64 * 1024) marks.firstByteMs ||= performance.now() - (sent / bytesPerSecond) * 1000;
        if (marks.cuts < cuts && sent > ((marks.cuts + 1) * bytes) / (cuts + 1)) {
          marks.cuts += 1;
          setImmediate(() => line.cut());
        }
      },
    });
    closers.push(() => line.close());
    const { agent, send } = await prepare(apps[0]!.url, line.url, folder, log);
    process.env.CHECKPOINT_BYTES = String(bytes);
    const { createRun } = await send('mutation ($c: JSONObject!) { createRun(input: { config: $c }) { id } }', {
      c: {
        dataset: 'two',
        split: { labelledRatio: 1 },
        method: { name: 'supervised' },
        training: { iterations: ITERATIONS },
      },
    });
    await agent.run();
    const ended = performance.now();
    const { run } = await send('query ($id: ID!) { run(id: $id) { state finishedAt } }', { id: createRun.id });
    const lateSeconds = (Date.now() - Date.parse(run.finishedAt)) / 1000;
    return {
      state: run.state,
      seconds: (ended - marks.firstByteMs) / 1000,
      sentBytes: line.sentBytes,
      lateSeconds,
      stored: await storedCheckpoint(database.url),
    };
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

// biome-ignore lint/suspicious/noExplicitAny: each operation returns something else
type Send = (query: string, variables: object) => Promise<any>;

/** Registers an agent that reaches the servers over the line. `send` asks a server without the line. */
async function prepare(direct: string, overLine: string, home: string, log: (message: string) => void) {
  const client = new ServerClient(direct, null);
  const dataset = {
    name: 'two',
    kind: 'folder',
    classes: ['one', 'other'].map((name) => ({ name, color: '#102030' })),
    ignoreIndex: 255,
    ...{ trainImages: 2, unlabelledImages: 0, valImages: 1, testImages: 1 },
    fingerprint: 'a'.repeat(64),
  };
  const machine = {
    name: 'slow',
    host: 'here',
    engine: 'wasm',
    device: 'cpu',
    version,
    protocolVersion: PROTOCOL_VERSION,
    configVersion: CONFIG_VERSION,
    pool: 'default',
    slots: 1,
  };
  const info = { ...machine, datasets: [dataset] };
  const { registerRunner } = await client.request(RegisterRunnerDocument, { registrationToken: TOKEN, info });
  const agent = new Agent({
    home,
    instance: { id: randomUUID(), host: machine.host },
    info,
    slots: [{ kernels: 'auto', adapter: null }],
    sources: [{ name: 'two', kind: 'folder', directory: null }],
    client: new ServerClient(overLine, registerRunner.token, log),
    trainScript: join(packageRoot, 'bench/checkpoint-writer.mjs'),
    once: true,
    stallSeconds: null,
    log,
  });
  const send: Send = async (query, variables) => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ query, variables });
    const response = await fetch(`${direct}/graphql`, { method: 'POST', headers, body });
    return ((await response.json()) as { data: unknown }).data;
  };
  return { agent, send };
}

async function storedCheckpoint(databaseUrl: string): Promise<SlowUploadResult['stored']> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    const { rows } = await client.query(
      'SELECT c.step, b.bytes::int8 AS bytes FROM checkpoints c JOIN blobs b ON b.sha256 = c.sha256',
    );
    return rows[0] ? { step: rows[0].step, bytes: Number(rows[0].bytes) } : null;
  } finally {
    await client.end();
  }
}
