import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { compiledFile } from '../runner/compiled/compiled-file.js';
import { hasGraphicsDevice } from '../runner/engines/webgpu/dawn.js';
import { parseRunConfig } from '../schema/run-config.js';
import { page } from './gpu/page.js';
import { runFor } from './gpu/run-for.js';
import { table } from './gpu/section.js';
import { iterationsFor, shortStudy } from './gpu/study-plan.js';

const check = (...options: string[]) =>
  promisify(execFile)(process.execPath, [compiledFile('./gpu-check.js', import.meta.url), ...options]);

describe('gpu-check', { timeout: 120_000 }, () => {
  it.each([
    [['--minutes', '0'], "'0' is invalid. must be from 1 to 60."],
    [['--software'], '--software needs --page FILE'],
  ])('refuses %j', async (options, message) => {
    await expect(check(...options)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(message) });
  });

  it.skipIf(hasGraphicsDevice())('says in one line that there is no GPU, and what to do', async () => {
    await expect(check()).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^gpu-check: no GPU was found; .*--software --page FILE\n$/),
    });
  });
});

describe('a part of the check', () => {
  it('is stopped when its time is up', async () => {
    const ran = await runFor(['--eval', 'setInterval(() => {}, 1000)'], { seconds: 2 });
    expect(ran).toMatchObject({ ok: false, outOfTime: true });
    expect(ran.seconds).toBeGreaterThan(1.9);
  });

  it('that fails is not out of time, and what it printed is known', async () => {
    const lines: string[] = [];
    const script = 'console.log("begun"); process.exitCode = 3';
    const ran = await runFor(['--eval', script], { seconds: 100, onLine: (line) => lines.push(line) });
    expect(ran).toMatchObject({ ok: false, outOfTime: false, tail: ['begun'] });
    expect(lines).toEqual(['begun']);
  });

  it('trains as many iterations as fit, and no fewer than a few', () => {
    expect(iterationsFor(140, 100)).toBe(300);
    expect(iterationsFor(10_000, 100)).toBe(600);
    expect(iterationsFor(30, 5000)).toBe(20);
  });

  it('trains a study of valid runs', () => {
    const { base, matrix } = shortStudy(20);
    for (const method of matrix.methods) {
      expect(parseRunConfig({ ...base, method })).toMatchObject({ ok: true, config: { dataset: 'shapes_longtail' } });
    }
  });
});

describe('the page', () => {
  const facts = { device: 'NVIDIA H200 (vulkan; f16)', software: false, commit: null, seconds: 300, minutesAllowed: 8 };
  const section = { title: 'Steps', lines: table(['a', 'b'], [['1', '2']]), leftOut: null, failed: false };

  it('names the device, shows what each part found and says that everything fitted', () => {
    const text = page(facts, [section]);
    expect(text).toMatch(/^# NVIDIA H200\n/);
    expect(text).toContain('## Steps\n| a | b |\n| --- | --- |\n| 1 | 2 |\n');
    expect(text).toContain('5.0 minutes of at most 8');
    expect(text).toMatch(/## What did not fit\nEverything fitted into the time\.\n$/);
    expect(text).not.toContain('software');
  });

  it('says what did not fit, and that the figures of a software GPU do not count', () => {
    const text = page({ ...facts, software: true }, [{ ...section, leftOut: "the paper's size" }]);
    expect(text).toMatch(/## What did not fit\n- Steps: the paper's size\n$/);
    expect(text).toContain('these are not the figures of a GPU');
  });
});
