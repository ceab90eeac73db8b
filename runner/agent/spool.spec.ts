import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Spool } from './spool.js';
import type { StoredCheckpoint } from './waiting-checkpoints.js';

let folder: string;
const MEBIBYTE = 1024 * 1024;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosscheck-spool-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const points = (step: number) => ({ step, points: [{ series: 'loss', steps: [step], values: [1 / step] }] });
const create = (maxBytes = MEBIBYTE): Promise<Spool> => Spool.create(join(folder, 'attempt'), maxBytes);
const blobs = (): string[] => readdirSync(join(folder, 'attempt/blobs'));

function checkpointFile(content: string): string {
  const file = join(folder, 'checkpoint');
  writeFileSync(file, content);
  return file;
}

test('reports are returned in order, each one until it is acknowledged', async () => {
  const spool = await create();
  expect(spool.oldest()).toBeNull();
  for (const step of [1, 2, 3]) expect(await spool.append(points(step))).toBe(step);
  expect(spool.oldest()).toEqual({ sequence: 1, content: points(1) });
  expect(spool.oldest()).toEqual({ sequence: 1, content: points(1) });
  await spool.acknowledge(1);
  expect(spool.oldest()?.content).toEqual(points(2));
  await spool.acknowledge(3);
  expect(spool.isEmpty).toBe(true);
  expect(spool.oldest()).toBeNull();
});

test('after everything is acknowledged, the numbering continues and the file is small again', async () => {
  const spool = await create();
  await spool.append(points(1));
  await spool.acknowledge(1);
  expect(statSync(join(folder, 'attempt/reports.ndjson')).size).toBeLessThan(30);
  expect(await spool.append(points(2))).toBe(2);
  expect(spool.oldest()).toEqual({ sequence: 2, content: points(2) });
});

test('the spool of a killed agent is recovered without its unfinished line', async () => {
  const spool = await create();
  for (const step of [1, 2]) await spool.append(points(step));
  appendFileSync(join(folder, 'attempt/reports.ndjson'), '{"sequence":3,"content":{"st');
  const recovered = await Spool.recover(join(folder, 'attempt'));
  expect(recovered.oldest()).toEqual({ sequence: 1, content: points(1) });
  await recovered.acknowledge(1);
  expect(recovered.oldest()).toEqual({ sequence: 2, content: points(2) });
  await recovered.acknowledge(2);
  expect(recovered.isEmpty).toBe(true);
});

test('a spool left by the previous version is still delivered: this format must not change', async () => {
  const root = join(folder, 'attempt');
  mkdirSync(join(root, 'blobs'), { recursive: true });
  const [image, checkpoint] = ['image', 'model'].map((text) => createHash('sha256').update(text).digest('hex')) as [
    string,
    string,
  ];
  writeFileSync(join(root, 'blobs', image), 'image');
  writeFileSync(join(root, 'blobs', checkpoint), 'model');
  const sample = { step: 4, imageId: 'a', width: 1, height: 1, kind: 'INPUT', sha256: image };
  const points = [{ series: 'loss', steps: [4], values: ['NaN'] }];
  const content = { step: 4, samples: [sample], checkpoint: { step: 4, sha256: checkpoint, bytes: 5 }, points };
  writeFileSync(join(root, 'reports.ndjson'), `${JSON.stringify({ sequence: 7, content })}\n`);
  const recovered = await Spool.recover(root);
  expect(recovered.oldest()).toEqual({ sequence: 7, content });
  expect([image, checkpoint].map((sha256) => existsSync(recovered.waitingBlob(sha256)!))).toEqual([true, true]);
  await recovered.acknowledge(7);
  expect(recovered.isEmpty).toBe(true);
  expect(blobs()).toEqual([]);
  recovered.close();
});

test('a checkpoint that was not sent is found by the next agent, and its report gets the next number', async () => {
  const spool = await create();
  await spool.append(points(1));
  await spool.append(points(2));
  await spool.adoptCheckpoint(2, checkpointFile('content'));
  await spool.acknowledge(2);
  spool.close();
  const recovered = await Spool.recover(join(folder, 'attempt'));
  expect(recovered.isEmpty).toBe(true);
  const [checkpoint] = recovered.checkpoints.all;
  expect(checkpoint).toMatchObject({ step: 2, bytes: 7 });
  expect(blobs()).toEqual([checkpoint!.sha256]);
  expect(await recovered.append({ checkpoint: checkpoint! })).toBe(3);
  recovered.checkpoints.remove(checkpoint!.sha256);
  recovered.close();
  expect((await Spool.recover(join(folder, 'attempt'))).checkpoints.all).toEqual([]);
});

test('images are stored under their SHA-256 and removed when their report is acknowledged', async () => {
  const spool = await create();
  const png = new Uint8Array([1, 2, 3]);
  const sha256 = await spool.storeImage(png);
  expect(sha256).toBe(createHash('sha256').update(png).digest('hex'));
  const sample = { step: 1, imageId: 'a', width: 1, height: 1, kind: 'INPUT' as const, sha256 };
  await spool.append({ samples: [sample] });
  expect(existsSync(spool.waitingBlob(sha256)!)).toBe(true);
  spool.markDelivered(sha256);
  await spool.acknowledge(1);
  expect(blobs()).toEqual([]);
  await spool.storeImage(png);
  expect(spool.waitingBlob(sha256), 'an image that the server has is not sent again').toBeNull();
  expect(blobs(), 'but kept for the next agent, which does not know what the server has').toEqual([sha256]);
});

test('an image that two reports name is kept until both are acknowledged', async () => {
  const spool = await create();
  const sha256 = await spool.storeImage(new Uint8Array([1, 2, 3]));
  const sample = { imageId: 'a', width: 1, height: 1, kind: 'INPUT' as const, sha256 };
  await spool.append({ samples: [{ ...sample, step: 1 }] });
  await spool.append({ samples: [{ ...sample, step: 2 }] });
  await spool.acknowledge(1);
  expect(blobs()).toEqual([sha256]);
  await spool.acknowledge(2);
  expect(blobs()).toEqual([]);
});

test('reports that were emptied while a checkpoint waits are damage, and the checkpoint is not sent', async () => {
  const spool = await create();
  await spool.append(points(1));
  await spool.adoptCheckpoint(1, checkpointFile('content'));
  await spool.acknowledge(1);
  spool.close();
  truncateSync(join(folder, 'attempt/reports.ndjson'));
  const recovered = await Spool.recover(join(folder, 'attempt'));
  expect(recovered.damage).toMatch(/is empty, although a checkpoint waits$/);
  expect(recovered.checkpoints.all).toEqual([]);
  recovered.close();
});

test('only the newest checkpoint that reports name is kept', async () => {
  const spool = await create();
  await spool.adoptCheckpoint(1, checkpointFile('first'));
  await spool.adoptCheckpoint(2, checkpointFile('second'));
  const [first, second] = [...spool.checkpoints.all] as [StoredCheckpoint, StoredCheckpoint];
  expect(second).toMatchObject({ step: 2, bytes: 6 });
  await spool.append({ checkpoint: first });
  await spool.append({ checkpoint: second });
  expect(spool.waitingBlob(first.sha256)).toBeNull();
  expect(blobs()).toEqual([second.sha256]);
});

test('it is full when reports and images reach the limit; a checkpoint does not count', async () => {
  const spool = await create(10_000);
  await spool.adoptCheckpoint(1, checkpointFile('x'.repeat(20_000)));
  expect(spool.isFull).toBe(false);
  await spool.storeImage(new Uint8Array(9_950));
  expect(spool.isFull).toBe(false);
  await spool.append(points(1));
  expect(spool.isFull).toBe(true);
});
