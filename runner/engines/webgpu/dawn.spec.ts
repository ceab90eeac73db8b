import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasGraphicsDevice } from './dawn.js';

describe.skipIf(process.platform !== 'linux')('hasGraphicsDevice', () => {
  let devices: string;
  beforeEach(() => {
    devices = mkdtempSync(join(tmpdir(), 'crosscheck-dev-'));
  });
  afterEach(() => rmSync(devices, { recursive: true }));

  it.each([
    ['nvidia0', true],
    ['nvidia2', true],
    ['dxg', true],
    ['dri/renderD129', true],
    ['nvidiactl', false],
    ['nvidia-uvm', false],
    ['dri/card0', false],
    ['null', false],
  ])('with /dev/%s: %s', (node, expected) => {
    mkdirSync(dirname(join(devices, node)), { recursive: true });
    writeFileSync(join(devices, node), '');
    expect(hasGraphicsDevice(devices)).toBe(expected);
  });
});
