import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Program } from '../processes/program.js';
import { startCrosscheck } from './support/crosscheck.js';
import { TestStack } from './support/test-stack.js';

/** Bad input is refused with a helpful message, and changes nothing. */
const stack = new TestStack();
const GOOD = { dataset: 'shapes', split: { labelledRatio: 0.125 }, method: { name: 'cps' } };

beforeAll(async () => {
  await stack.startServer();
  // Announces the built-in dataset.
  await stack.registerRunner('r');
}, 120_000);
afterAll(() => stack.close());

async function counts(): Promise<unknown> {
  return stack.send('{ runs { totalCount } studies { totalCount } runners { id name } datasets { name } }');
}

describe('a run', () => {
  it.each([
    ['an unknown dataset', { ...GOOD, dataset: 'imagenet' }, /imagenet.*shapes/s],
    ['an unknown method', { ...GOOD, method: { name: 'magic' } }, /method\.name.*magic.*supervised, cps, cps_cutmix/s],
    ['a ratio of 0', { ...GOOD, split: { labelledRatio: 0 } }, /split\.labelledRatio.*0/s],
    ['a ratio above 1', { ...GOOD, split: { labelledRatio: 1.5 } }, /split\.labelledRatio.*1\.5/s],
    ['an unknown key', { ...GOOD, iterations: 10 }, /iterations.*unknown key/s],
  ])('with %s is rejected', async (_, config, message) => {
    const before = await counts();
    await expect(stack.queue(config)).rejects.toThrow(message);
    expect(await counts()).toEqual(before);
  });

  it('in a study is rejected together with the valid runs', async () => {
    const before = await counts();
    const { method, split: _, ...base } = GOOD;
    const matrix = { methods: [method], labelledRatios: [0.125, 2] };
    const create = 'mutation($input: CreateStudyInput!) { createStudy(input: $input) { id } }';
    await expect(stack.send(create, { input: { name: 's', base, matrix } })).rejects.toThrow(
      /matrix\.labelledRatios\.1.*got 2/,
    );
    expect(await counts()).toEqual(before);
  });
});

describe('a token', () => {
  it.each([
    ['missing', undefined],
    ['wrong', 'not-a-token'],
  ])('that is %s claims nothing', async (_, token) => {
    await expect(stack.send('mutation { claimRun { attemptId } }', {}, token)).rejects.toThrow(
      /UNAUTHENTICATED.*token/s,
    );
  });

  it('that is wrong registers no runner', async () => {
    const before = await counts();
    const home = ['--home', stack.home('refused')];
    const register = startCrosscheck(['runner', 'register', '--server', stack.url, '--token', 'wrong', ...home]);
    expect(await register.ended()).not.toBe(0);
    expect(register.output).toMatch(/token/);
    expect(register.output).not.toMatch(/^\s+at /m);
    expect(await counts()).toEqual(before);
  });
});

describe('a folder dataset', () => {
  const COLORS = { classes: ['a', 'b'].map((name, id) => ({ id, name, color: [id * 255, 0, 0] })), ignore_index: 255 };

  async function write(file: string, channels: 1 | 3, value: number): Promise<void> {
    mkdirSync(join(file, '..'), { recursive: true });
    const raw = { width: 32, height: 32, channels };
    const image = sharp(Buffer.alloc(32 * 32 * channels, value), { raw });
    writeFileSync(file, await (channels === 1 ? image.toColourspace('b-w') : image).png().toBuffer());
  }

  async function folder(name: string): Promise<string> {
    const root = join(stack.folder, name);
    for (const subset of ['train', 'val', 'test']) {
      for (const id of ['0', '1', '2', '3']) {
        await write(join(root, subset, 'images', `${id}.png`), 3, 90);
        await write(join(root, subset, 'labels', `${id}.png`), 1, 1);
      }
    }
    writeFileSync(join(root, 'classes.json'), JSON.stringify({ name, ...COLORS }));
    return root;
  }

  async function register(directory: string): Promise<Program> {
    const token = await stack.registrationToken();
    const home = ['--home', stack.home(directory.replaceAll('/', '_'))];
    const where = ['--server', stack.url, '--token', token, ...home];
    const program = startCrosscheck(['runner', 'register', ...where, '--data', directory]);
    await program.ended();
    return program;
  }

  it('that is valid is accepted', async () => {
    const registration = await register(await folder('sound'));
    expect(registration.output).not.toMatch(/error/i);
    expect(await registration.ended()).toBe(0);
  });

  it('with a validation image that has no label is rejected, and the message names the image', async () => {
    const before = await counts();
    const root = await folder('unlabelled');
    cpSync(join(root, 'val/images/0.png'), join(root, 'val/images/orphan.png'));
    const registration = await register(root);
    expect(await registration.ended()).not.toBe(0);
    expect(registration.output).toContain('orphan');
    expect(registration.output).not.toMatch(/^\s+at /m);
    expect(await counts()).toEqual(before);
  });

  it('with a label value that no class has is rejected, and the message names file and value', async () => {
    const before = await counts();
    const root = await folder('strange');
    await write(join(root, 'val/labels/2.png'), 1, 7);
    const registration = await register(root);
    expect(await registration.ended()).not.toBe(0);
    expect(registration.output).toMatch(/val\/labels\/2\.png.*7/s);
    expect(await counts()).toEqual(before);
  });
});
