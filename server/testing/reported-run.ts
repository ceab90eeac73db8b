import { beforeAll, beforeEach } from 'vitest';
import type { Claimed, TestRunner, TestServer } from './test-server.js';

const SLOTS = 50;

/** A run that a test reports to. */
export interface ReportedRun {
  readonly runner: TestRunner;
  readonly attempt: Claimed;
  /** Sends the next report of the attempt. */
  report(content: object): ReturnType<TestRunner['report']>;
  /** Continues with the next run of the queue. */
  claim(): Promise<void>;
}

/** Before each test, queues a run and claims it with a runner that has slots for all of them. */
export function reportedRun(server: TestServer): ReportedRun {
  let runner: TestRunner;
  let attempt: Claimed;
  let sequence: number;
  const claim = async () => {
    attempt = (await runner.claim())!;
    sequence = 0;
  };
  beforeAll(async () => {
    runner = await server.registerRunner({ slots: SLOTS });
    await server.setSlotLimit(runner, SLOTS);
  });
  beforeEach(async () => {
    await server.createRun();
    await claim();
  });
  return {
    get runner() {
      return runner;
    },
    get attempt() {
      return attempt;
    },
    report: (content) => runner.report(attempt, { sequence: ++sequence, ...content }),
    claim,
  };
}
