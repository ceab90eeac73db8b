import { createHash } from 'node:crypto';
import sharp from 'sharp';
import type { Network } from '../../runner/tracking/tracker.js';
import type { DatasetFacts } from '../../schema/dataset-facts.js';
import type { TestStack } from './test-stack.js';

export interface AnnouncedDataset {
  name: string;
  classes: { name: string; color: string }[];
  warnings?: string[];
  facts?: DatasetFacts;
}

interface Claim {
  attemptId: string;
  fence: number;
  run: { id: string; iterations: number };
}

type Report = Record<string, unknown>;

/** Pixels of every evaluation. */
const PIXELS = 10_000_000;

/**
 * A runner that does not train. It reports, through the runner's API, exactly what a test tells it to, so that a page can be
 * checked against known numbers.
 */
export class ReportingRunner {
  private token = '';
  private claim: Claim | null = null;
  private sequence = 0;
  /** The newest IoUs of BRANCH1. */
  private ious: number[] = [];
  /** Where BRANCH1 was evaluated, as `VAL 100`. */
  private readonly evaluated = new Set<string>();

  constructor(
    private readonly stack: Pick<TestStack, 'url' | 'send' | 'registrationToken'>,
    private readonly name: string,
    private readonly dataset: AnnouncedDataset,
  ) {}

  private get info(): Record<string, unknown> {
    const { name, classes, warnings = [], facts = null } = this.dataset;
    const fingerprint = createHash('sha256').update(JSON.stringify(this.dataset)).digest('hex');
    const images = { trainImages: 367, valImages: 101, testImages: 233 };
    const dataset = { name, kind: 'folder', classes, ignoreIndex: 255, ...images, fingerprint, warnings, facts };
    const machine = { host: 'lab-3', engine: 'wasm', device: 'CPU, 2 cores', version: '0.1.0' };
    return { name: this.name, ...machine, datasets: [dataset] };
  }

  async register(): Promise<void> {
    const registrationToken = await this.stack.registrationToken();
    const answer = await this.stack.send<{ registerRunner: { token: string } }>(
      'mutation ($t: String!, $info: RunnerInfoInput!) { registerRunner(registrationToken: $t, info: $info) { token } }',
      { t: registrationToken, info: this.info },
    );
    this.token = answer.registerRunner.token;
    await this.send('mutation ($info: RunnerInfoInput!) { startRunner(info: $info) { leaseSeconds } }', {
      info: this.info,
    });
  }

  /** Claims the next run. @throws Error if there is none */
  async claimRun(): Promise<string> {
    const { claimRun } = await this.send<{ claimRun: Claim | null }>(
      'mutation { claimRun { attemptId fence run { id iterations } } }',
    );
    if (!claimRun) throw new Error('there is no queued run to claim');
    this.claim = claimRun;
    this.sequence = 0;
    this.ious = this.dataset.classes.map(() => 0.5);
    this.evaluated.clear();
    return claimRun.run.id;
  }

  /** Sends one report and returns the server's directive. */
  async report(report: Report): Promise<string> {
    const { attemptId, fence } = this.claim!;
    const answer = await this.send<{ reportAttempt: { directive: string } }>(
      'mutation ($report: AttemptReportInput!) { reportAttempt(report: $report) { directive } }',
      { report: { attemptId, fence, sequence: ++this.sequence, ...report } },
    );
    return answer.reportAttempt.directive;
  }

  /** Reports the setup. `split` names the labelled images: runs with the same name have the same labelled images. */
  async setUp(split = this.dataset.name): Promise<void> {
    const setup = {
      engine: 'wasm',
      device: 'CPU, 2 cores',
      labelledImages: 45,
      unlabelledImages: 322,
      parameters: 1_034_211,
    };
    await this.report({ setup: { ...setup, splitHash: createHash('sha256').update(split).digest('hex') } });
  }

  async points(step: number, values: Record<string, number>): Promise<void> {
    const points = Object.entries(values).map(([series, value]) => ({ series, steps: [step], values: [value] }));
    await this.report({ step, points });
  }

  /**
   * Reports an evaluation in which class c has the IoU `ious[c]`, which must be below 1. The same number of pixels of each
   * class is predicted as the next class. So each class has as many false negatives as false positives, and its IoU is
   * right / (right + 2 wrong). All evaluations cover the same number of pixels, like those on the same subset.
   */
  async evaluation(step: number, network: Network, ious: number[], subset = 'VAL'): Promise<void> {
    const classes = ious.length;
    if (network === 'BRANCH1') {
      this.ious = ious;
      this.evaluated.add(`${subset} ${step}`);
    }
    const rightByWrong = ious.map((iou) => (2 * iou) / (1 - iou));
    const wrong = Math.round(PIXELS / rightByWrong.reduce((sum, right) => sum + right + 1, 0));
    const confusion = new Array<number>(classes * classes).fill(0);
    for (const [index, right] of rightByWrong.entries()) {
      confusion[index * classes + index] = Math.round(right * wrong);
      confusion[index * classes + ((index + 1) % classes)] = wrong;
    }
    confusion[0]! += PIXELS - confusion.reduce((sum, count) => sum + count, 0);
    await this.report({ step, evaluations: [{ step, network, subset, confusion }] });
  }

  /** Uploads a PNG made of RGBA pixels and reports it. */
  async sample(
    step: number,
    imageId: string,
    kind: string,
    width: number,
    height: number,
    rgba: Buffer,
  ): Promise<void> {
    const png = await sharp(rgba, { raw: { width, height, channels: 4 } })
      .png()
      .toBuffer();
    const sha256 = createHash('sha256').update(png).digest('hex');
    const response = await fetch(`${this.stack.url}/blobs/${sha256}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'image/png' },
      body: new Uint8Array(png),
    });
    if (!response.ok) throw new Error(`PUT /blobs answered ${response.status}: ${await response.text()}`);
    await this.report({ samples: [{ step, imageId, width, height, kind, sha256 }] });
  }

  /** Finishes the attempt. Before a success, it reports what a completed run must have: its last step, evaluated on VAL and TEST. */
  async finish(outcome: 'SUCCEEDED' | 'FAILED' | 'CANCELED', message?: string): Promise<void> {
    if (outcome === 'SUCCEEDED') {
      const { iterations } = this.claim!.run;
      for (const subset of ['VAL', 'TEST']) {
        if (!this.evaluated.has(`${subset} ${iterations}`))
          await this.evaluation(iterations, 'BRANCH1', this.ious, subset);
      }
    }
    const { attemptId, fence } = this.claim!;
    await this.send(
      'mutation ($a: AttemptRefInput!, $o: AttemptOutcome!, $m: String) { finishAttempt(attempt: $a, outcome: $o, message: $m) { id } }',
      { a: { attemptId, fence }, o: outcome, m: message },
    );
  }

  private send<T = Record<string, never>>(query: string, variables: object = {}): Promise<T> {
    return this.stack.send<T>(query, variables, this.token);
  }
}
