import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const KERNELS = 'runner/kernels';
const COST = 'a training step on the processor takes about 1.8 times as long';

/** A separate checkout, because the kernels of this one are in use. */
let checkout: string;
/** The only folder in PATH. */
let programs: string;

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'crosscheck-native-'));
  programs = join(checkout, 'programs');
  mkdirSync(programs);
  cpSync(import.meta.dirname, join(checkout, KERNELS), { recursive: true });
  symlinkSync(join(process.cwd(), 'node_modules'), join(checkout, 'node_modules'));
});
afterEach(() => rmSync(checkout, { recursive: true }));

/** Writes a fake C++ compiler that answers --version and otherwise runs the given shell lines. */
function writeCompiler(name: string, ...lines: string[]): void {
  const file = join(programs, name);
  writeFileSync(file, ['#!/bin/sh', '[ "$1" = --version ] && exit 0', ...lines].join('\n'));
  chmodSync(file, 0o755);
}

function build(...options: string[]): { code: number | null; said: string } {
  const env = { PATH: programs };
  const script = join(KERNELS, 'build-native.mjs');
  const { status, stderr, stdout } = spawnSync(process.execPath, [script, ...options], {
    cwd: checkout,
    env,
    encoding: 'utf8',
  });
  return { code: status, said: stdout + stderr };
}

describe('without native kernels, npm ci succeeds and prints one line about the cost', () => {
  it('if there is no compiler', () => {
    expect(build()).toEqual({
      code: 0,
      said: `native kernels not built (no C++ compiler): ${COST}; install one (Debian: apt-get install g++) and run "npm run build:kernels"\n`,
    });
  });

  it('if the compiler fails; --verbose prints all of its output', () => {
    writeCompiler(
      'g++',
      'echo "In file included from addon.cc:1:" >&2',
      'echo "x.h:3: fatal error: no <cmath>" >&2',
      'exit 1',
    );
    const line = `native kernels not built (g++ failed: x.h:3: fatal error: no <cmath>): ${COST}; to see all of its output: node ${KERNELS}/build-native.mjs --verbose\n`;
    expect(build()).toEqual({ code: 0, said: line });
    expect(build('--verbose').said).toMatch(/In file included from/);
    expect(build('--verbose').said.endsWith(line)).toBe(true);
  });

  it('if the compiler fails without any output', () => {
    writeCompiler('c++', 'exit 3');
    expect(build().said).toMatch(/^native kernels not built \(c\+\+ failed: exit code 3\): .*\n$/);
  });
});

describe('existing kernels', () => {
  /** Sets an explicit time, because files written within one tick of the file system's clock have the same time. */
  const writeAt = (file: string, secondsFromNow: number) => {
    writeFileSync(file, '');
    const time = Date.now() / 1000 + secondsFromNow;
    utimesSync(file, time, time);
  };
  const output = () => join(checkout, 'dist/runner/kernels/wasm/kernels.node');
  beforeEach(() => {
    mkdirSync(join(output(), '..'), { recursive: true });
    writeAt(output(), 60);
  });

  it('need no compiler if their sources have not changed', () => {
    expect(build()).toEqual({ code: 0, said: '' });
  });

  it('are removed if their sources are newer and cannot be compiled', () => {
    writeAt(join(checkout, KERNELS, 'native/addon.cc'), 120);
    expect(build().said).toMatch(/no C\+\+ compiler/);
    expect(existsSync(output())).toBe(false);
  });
});
