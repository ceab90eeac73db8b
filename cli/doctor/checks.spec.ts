import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeGpus } from './compute.js';
import { browser, build, compiler } from './installation.js';
import { disk, memory, node, processor, space } from './machine.js';
import { probe } from './probe.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosscheck-checks-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe('the machine', () => {
  it.each([
    ['18.20.4', 'missing'],
    ['20.9.0', 'missing'],
    ['20.19.0', 'warning'],
    ['22.23.5', 'ok'],
    ['24.22.3', 'ok'],
  ])('Node %s: %s', (version, state) => {
    expect(node(version).state).toBe(state);
  });

  it('causes a warning if it has too few cores or too little memory', () => {
    expect([processor(1).state, processor(2).state]).toEqual(['warning', 'ok']);
    expect([memory(2e9).state, memory(16e9).state]).toEqual(['warning', 'ok']);
    expect(memory(2e9).detail).toBe('2.0 GB');
  });

  it('needs free space on its disks', async () => {
    const states = [0.1e9, 2e9, 50e9].map((free) => space('/data', free, 'make room').state);
    expect(states).toEqual(['missing', 'warning', 'ok']);
    const below = join(folder, 'not', 'made', 'yet');
    expect((await disk(below, 'make room')).detail).toMatch(new RegExp(`^${below}: \\d+\\.\\d GB free$`));
  });
});

describe('the installation', () => {
  it('without a compiler trains slower, unless the kernels are compiled already', () => {
    vi.stubEnv('PATH', folder);
    vi.stubEnv('CXX', '');
    expect(compiler(false)).toMatchObject({
      state: 'warning',
      detail: 'none',
      cost: expect.stringContaining('1.8 times'),
    });
    expect(compiler(true)).toMatchObject({ state: 'ok', cost: null });
  });

  it('uses the compiler that CXX names', () => {
    vi.stubEnv('PATH', folder);
    writeFileSync(join(folder, 'my-c++'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
    vi.stubEnv('CXX', 'my-c++');
    expect(compiler(false)).toMatchObject({ state: 'ok', detail: 'my-c++' });
  });

  it('says what is not built', () => {
    expect(build(folder)).toMatchObject({
      state: 'missing',
      detail: 'not built: the server, the runner, the kernels of the wasm engine',
    });
    const make = (file: string) => {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), '');
    };
    for (const file of ['server/app.js', 'runner/train-process.js', 'runner/kernels/wasm/kernels.wasm']) make(file);
    expect(build(folder)).toMatchObject({ state: 'warning', detail: 'not built: the dashboard' });
    make('web/index.html');
    expect(build(folder)).toMatchObject({ state: 'ok', detail: folder });
  });

  it('uses the browser that CHROMIUM names', () => {
    const mine = join(folder, 'chromium');
    writeFileSync(mine, '');
    vi.stubEnv('CHROMIUM', mine);
    expect(browser().detail).toBe(mine);
  });
});

describe('GPUs', () => {
  it('count only if they are real', () => {
    const nothing = { adapters: [], software: [], tensorflow: null };
    expect(describeGpus({ ...nothing, adapters: ['RTX 3090 (vulkan)'] })).toMatchObject({ state: 'ok' });
    expect(describeGpus({ ...nothing, software: ['llvmpipe (vulkan)'] })).toMatchObject({
      state: 'warning',
      detail: expect.stringMatching(/^none, only software: llvmpipe/),
    });
    expect(describeGpus(nothing).detail).toMatch(/^none found/);
  });
});

describe('a probe', { timeout: 60_000 }, () => {
  it('that fails says why in one line', async () => {
    await expect(probe('nonsense' as 'gpus')).rejects.toThrow(
      /^"nonsense" is not a probe: kernels, sharp, gpus, engine$/,
    );
  });
});
