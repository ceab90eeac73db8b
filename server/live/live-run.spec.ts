import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FOLLOWED, type Followed, stored, Watcher } from '../testing/assembled-run.js';
import { draws } from '../testing/draws.js';
import { LIMIT_MS } from '../testing/joined.js';
import { confusionOf } from '../testing/results-fixtures.js';
import { testDatabase } from '../testing/test-database.js';
import { type Claimed, TestRunner, TestServer } from '../testing/test-server.js';

/** Two servers on one database. */
const database = testDatabase();
const servers = [new TestServer(database, {}), new TestServer(database, {})] as const;
const KINDS = Object.keys(FOLLOWED) as Followed[];
let runners: TestRunner[];
let sha256: string;

beforeAll(async () => {
  for (const server of servers) await server.start();
  const runner = await servers[0].registerRunner({ slots: 50 });
  await servers[0].setSlotLimit(runner, 50);
  runners = servers.map((server) => new TestRunner(server, runner.id, runner.token));
});
afterAll(async () => {
  for (const server of servers) await server.stop();
});

/** A run that trains as it happens: it reports anything to any server, and resumes from checkpoints. */
class RandomRun {
  private attempt!: Claimed;
  private sequence = 0;
  private step = 0;

  constructor(private readonly draw: () => number) {}

  get id(): string {
    return this.attempt.runId;
  }
  below(limit: number): number {
    return Math.floor(this.draw() * limit);
  }
  async start(): Promise<void> {
    await servers[0].createRun();
    await this.claim();
    sha256 = await runners[0]!.upload(Buffer.from('an image'));
  }
  async turn(): Promise<void> {
    if (this.draw() < 0.08) return this.resume();
    this.step = Math.min(1000, this.step + this.below(8));
    await this.report(this.content());
  }

  private async claim(): Promise<void> {
    this.attempt = (await this.any().claim())!;
    this.sequence = 0;
    this.step = this.attempt.resumeFrom?.step ?? 0;
  }
  private async resume(): Promise<void> {
    await this.any().finish(this.attempt, 'RELEASED');
    await this.claim();
  }
  private any(): TestRunner {
    return runners[this.below(runners.length)]!;
  }
  private report(content: object) {
    return this.any().report(this.attempt, { sequence: ++this.sequence, step: this.step, ...content });
  }
  private content(): object {
    const { step } = this;
    const maybe = <T>(share: number, make: () => T) => (this.draw() < share ? make() : undefined);
    const network = `BRANCH${1 + this.below(2)}`;
    const alarm = { kind: 'DROP', network };
    const steps = () => [Math.max(0, step - this.below(20)), step];
    return {
      points: maybe(0.8, () =>
        ['a', 'b', 'c']
          .slice(this.below(3))
          .map((series) => ({ series, steps: steps(), values: [this.below(99), this.below(99)] })),
      ),
      evaluations: maybe(0.3, () => [{ step, network, subset: 'VAL', confusion: confusionOf(this.below(11), 1) }]),
      alarms: maybe(0.3, () => [{ ...alarm, step, message: `fell ${this.below(99)}` }]),
      alarmEnds: maybe(0.2, () => [{ ...alarm, step }]),
      samples: maybe(0.3, () =>
        [network, 'INPUT', 'GROUND_TRUTH'].slice(0, 1 + this.below(3)).map((kind) => ({
          ...{ step, kind, sha256, width: 8, height: 8 },
          imageId: `image ${this.below(2)}`,
        })),
      ),
      log: maybe(0.6, () => [{ at: new Date().toISOString(), level: 'INFO', message: `step ${step}` }]),
      checkpoint: maybe(0.1, () => ({ step, sha256, bytes: 8 })),
    };
  }
}

describe('what a subscriber assembles', () => {
  it.each([1, 2, 3, 4])('is what is stored, whoever leaves and comes back, on two servers (seed %i)', async (seed) => {
    const run = new RandomRun(draws(seed));
    await run.start();
    const watchers = [...KINDS, ...KINDS].map((kind) => new Watcher(kind, run.id));
    const connect = (watcher: Watcher) => watcher.connect(servers[run.below(2)]!);
    watchers.forEach(connect);
    for (let turn = 0; turn < 60; turn++) {
      await run.turn();
      const watcher = watchers[run.below(watchers.length)]!;
      if (run.below(4) > 0) continue;
      await watcher.disconnect();
      for (let away = run.below(4); away > 0; away--) await run.turn();
      connect(watcher);
    }
    for (const kind of KINDS) {
      const expected = await stored(servers[0], run.id, kind);
      expect(expected.size, kind).toBeGreaterThan(2);
      for (const watcher of watchers.filter((each) => each.kind === kind)) {
        await vi.waitFor(() => expect(watcher.things, kind).toEqual(expected), { timeout: LIMIT_MS });
        // The first message, and nothing was lost since.
        expect(watcher.resets, kind).toBe(1);
        expect([...watcher.sent.values()].filter((times) => times !== 1)).toEqual([]);
      }
    }
    for (const watcher of watchers) await watcher.disconnect();
  });
});
