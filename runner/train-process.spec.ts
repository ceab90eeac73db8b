import { type ChildProcess, fork } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compiledFile } from './compiled/compiled-file.js';
import { openShapes } from './data/formats/shapes/shapes-dataset.js';
import { openDataset } from './data/open.js';
import { makeSmallFolder } from './data/testing/small-folder.js';
import { NOTHING_ALLOWED } from './files/allowed-sources.js';
import type { FromTraining, TrainingEnd, TrainingJob } from './tracking/messages.js';
import type { StopRequest } from './tracking/tracker.js';

const openFolder = (name: string, directory: string, opening = {}) =>
  openDataset({ name, kind: 'folder', directory }, opening);

const SCRIPT = compiledFile('./train-process.js', import.meta.url);

const CONFIG = {
  dataset: 'shapes',
  split: { labelledRatio: 1 / 8 },
  method: { name: 'cps' },
  network: { width: 0.0625 },
  augmentation: { crop: [32, 32] },
  training: { iterations: 1000, batchLabelled: 2, batchUnlabelled: 2, logEvery: 1 },
};

/** Forks the compiled training process with a job. `react` is called with every message. */
async function start(changes: Partial<TrainingJob>, react: (message: FromTraining, child: ChildProcess) => void) {
  const child = fork(SCRIPT, { serialization: 'advanced' });
  const messages: FromTraining[] = [];
  child.on('message', (message: FromTraining) => {
    messages.push(message);
    react(message, child);
  });
  const workDirectory = await mkdtemp(join(tmpdir(), 'crosscheck-process-'));
  const source = { name: 'shapes', kind: 'shapes' as const, directory: null };
  const engineOptions = { kernels: 'auto' as const, adapter: null };
  const job: TrainingJob = {
    config: CONFIG,
    source,
    fingerprint: openShapes('shapes').descriptor.fingerprint,
    engine: 'wasm',
    engineOptions,
    workDirectory,
    checkedFolder: null,
    resumeFrom: null,
    allowed: NOTHING_ALLOWED,
    ...changes,
  };
  child.send({ type: 'job', job });
  const exit = await new Promise<number | null>((resolve) => child.on('exit', resolve));
  const last = messages.at(-1);
  const end: TrainingEnd | null = last?.kind === 'end' ? last.end : null;
  return { messages, end, exit };
}

const isStep = (step: number, message: FromTraining) => message.kind === 'points' && message.record.step === step;

describe('the training process', { timeout: 120_000 }, () => {
  it('obeys a stop request within a step and ends with its last message', async () => {
    const stopWith = (request: StopRequest) => (message: FromTraining, child: ChildProcess) => {
      if (isStep(2, message)) child.send({ type: 'stop', request });
    };
    const canceled = await start({}, stopWith('CANCEL'));
    expect(canceled).toMatchObject({ end: { outcome: 'canceled' }, exit: 0 });
    expect(canceled.messages.filter(({ kind }) => kind === 'points').length).toBeLessThan(20);
    expect(canceled.messages[0]).toMatchObject({ kind: 'setup', record: { engine: 'wasm', labelledImages: 64 } });

    const drained = await start({}, stopWith('DRAIN'));
    expect(drained).toMatchObject({ end: { outcome: 'drained' }, exit: 0 });
    expect(drained.messages.at(-2)).toMatchObject({ kind: 'checkpoint' });
  });

  it('exits when its parent disappears', async () => {
    const { end, exit } = await start({}, (message, child) => {
      if (isStep(2, message)) child.disconnect();
    });
    expect(end).toBeNull();
    expect(exit).toBe(1);
  });

  it.each([
    ['configuration', { config: { ...CONFIG, colour: 'red' } }, 'unknown key "colour"'],
    ['dataset', { source: { name: 'x', kind: 'folder' as const, directory: '/nowhere' } }, '/nowhere'],
    ['checkpoint', { resumeFrom: '/nowhere/step-1.safetensors' }, '/nowhere/step-1.safetensors'],
  ])('fails with the reason when the %s is invalid', async (_, changes, reason) => {
    const { end, exit } = await start(changes, () => undefined);
    expect(end).toMatchObject({ outcome: 'failed', reason: expect.stringContaining(reason) });
    expect(exit).toBe(0);
  });

  it('reads no weights that are not allowed, and tells only the owner of the machine why', async () => {
    const pretrained = { source: '/etc/passwd' };
    const config = { ...CONFIG, network: { ...CONFIG.network, pretrained } };
    const { end, messages } = await start({ config }, () => undefined);
    expect(end).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('are not available on this runner'),
    });
    const [privately] = messages.flatMap((message) => (message.kind === 'private' ? message.message : []));
    expect(privately).toBe('pretrained weights /etc/passwd: /etc/passwd is outside the allowed folders');
    expect(JSON.stringify(messages.filter(({ kind }) => kind !== 'private'))).not.toContain('outside');
  });

  it('is unfit when an image was added after the dataset was announced', async () => {
    const root = await makeSmallFolder();
    const source = { name: 'small', kind: 'folder' as const, directory: root };
    const { fingerprint } = (await openFolder('small', root)).descriptor;
    for (const kind of ['images', 'labels']) {
      await copyFile(join(root, 'train', kind, 'a.png'), join(root, 'train', kind, 'added.png'));
    }
    const config = { ...CONFIG, dataset: 'small' };
    const { end, exit, messages } = await start({ config, source, fingerprint }, () => undefined);
    const now = (await openFolder('small', root)).descriptor.fingerprint;
    await rm(root, { recursive: true });
    const reason = `dataset "small" has changed since this runner announced it: its fingerprint was ${fingerprint} and is now ${now}; restore its files`;
    expect(end).toMatchObject({ outcome: 'unfit', reason: expect.stringContaining(reason) });
    expect(messages).toHaveLength(1);
    expect(exit).toBe(0);
  });

  it.each([
    ['engine', { engine: 'abacus' }, 'unknown engine "abacus"'],
    ['adapter', { engine: 'webgpu', engineOptions: { kernels: 'auto' as const, adapter: 'abacus' } }, 'adapter'],
  ])('is lost, not failed, when the %s that it was registered with does not start', async (_, changes, reason) => {
    const { end, exit } = await start(changes, () => undefined);
    expect(end).toMatchObject({ outcome: 'lost', reason: expect.stringContaining(reason) });
    expect(exit).toBe(0);
  });
});
