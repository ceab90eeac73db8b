import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAllowedHost } from '../../files/allowed-hosts.js';
import type { AllowedSources } from '../../files/allowed-sources.js';
import { writeTensorFile } from '../safetensors.js';
import { openWeights } from './open-weights.js';

let server: Server;
let url: string;
let requests: number;
let served: Buffer;
let folder: string;
let weights: string;
let cache: string;
/** What everybody can read in the run's log, and what only the owner can. */
let [lines, privateLines]: [string[], string[]] = [[], []];

beforeEach(async () => {
  [lines, privateLines] = [[], []];
  requests = 0;
  server = createServer((_, response) => {
    requests += 1;
    response.end(served);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/weights.safetensors`;
  folder = await mkdtemp(join(tmpdir(), 'crosscheck-open-'));
  [weights, cache] = [join(folder, 'weights'), join(folder, 'cache')];
  await mkdir(weights);
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

const allowed = (): AllowedSources => ({ folders: [weights], hosts: [parseAllowedHost(new URL(url).host)] });

const open = (
  source: string,
  sha256: string | null = null,
  changes: { allowed?: AllowedSources; maxBytes?: number } = {},
) =>
  openWeights(
    { source, sha256 },
    {
      allowed: allowed(),
      cacheDirectory: cache,
      log: (line) => lines.push(line),
      privately: (line) => privateLines.push(line),
      ...changes,
    },
  );

/** Writes a tensor file, serves it too, and returns its SHA-256. */
async function makeTensors(file = join(weights, 'w.safetensors')): Promise<string> {
  await writeTensorFile(file, { tensors: { x: { shape: [1], values: () => Float32Array.of(7) } }, metadata: {} });
  served = await readFile(file);
  return createHash('sha256').update(served).digest('hex');
}

const unavailable = (source: string) =>
  `the pretrained weights ${source} are not available on this runner: it reads only what its owner allows, and its own log says more (docs/networks.md)`;

describe('weights in a file', () => {
  it('are found by their name or path in an allowed folder', async () => {
    const sha256 = await makeTensors();
    for (const source of ['w.safetensors', join(weights, 'w.safetensors')]) {
      const opened = await open(source, sha256);
      expect(opened.content.tensors.x!.values[0]).toBe(7);
      expect(opened).toMatchObject({ source, sha256 });
    }
  });

  it('give nothing away: whatever is at another path, the message is the same', async () => {
    await makeTensors(join(folder, 'outside'));
    await symlink(join(folder, 'outside'), join(weights, 'link'));
    await symlink('/dev/zero', join(weights, 'zero'));
    await mkdir(join(weights, 'folder'));
    const sources = [
      join(folder, 'outside'),
      '../outside',
      'link',
      'zero',
      'folder',
      'gone',
      '/etc/shadow',
      '/dev/zero',
    ];
    for (const source of [...sources, '/proc/self/environ', '/etc', '/nowhere', join(weights, 'gone')]) {
      for (const sha256 of [null, 'a'.repeat(64)]) {
        await expect(open(source, sha256)).rejects.toThrow(new Error(unavailable(source)));
      }
    }
    expect(lines).toEqual([]);
    expect(privateLines.join('\n')).toContain(`pretrained weights link: ${join(weights, 'link')} is outside`);
    expect(privateLines.join('\n')).toContain('pretrained weights folder: ');
  });

  it('with another SHA-256, of another kind or too large are refused without any number', async () => {
    const sha256 = await makeTensors();
    const wanted = 'b'.repeat(64);
    const why = 'the pretrained weights w.safetensors do not have the SHA-256 that the run expects';
    await expect(open('w.safetensors', wanted)).rejects.toThrow(new Error(why));
    expect(privateLines).toEqual([
      `the pretrained weights w.safetensors have the SHA-256 ${sha256}, expected ${wanted}`,
    ]);
    await writeFile(join(weights, 'page'), '<html>');
    await expect(open('page')).rejects.toThrow(
      new Error('the pretrained weights page are not a usable safetensors file'),
    );
    expect(privateLines.at(-1)).toContain('it has only 6 bytes');
    await writeFile(join(weights, 'resnet18.pth'), 'PK');
    await expect(open('resnet18.pth')).rejects.toThrow(
      /resnet18\.pth are not a usable safetensors file; docs\/networks\.md says how to convert a PyTorch file$/,
    );
    await expect(open('page', null, { maxBytes: 5 })).rejects.toThrow(new Error(unavailable('page')));
    expect(privateLines.at(-1)).toContain('6 bytes, more than the limit of 5');
  });
});

describe('weights at an address', () => {
  it('are downloaded once, and again when the copy is damaged', async () => {
    const sha256 = await makeTensors();
    for (const _ of [1, 2]) {
      const opened = await open(url, sha256);
      expect(opened.content.tensors.x!.values[0]).toBe(7);
      expect(opened.sha256).toBe(sha256);
    }
    expect(requests).toBe(1);
    await writeFile(join(cache, `${sha256}.safetensors`), 'damaged');
    await open(url, sha256);
    expect(requests).toBe(2);
    expect(privateLines.at(-1)).toContain('is damaged');
    expect(lines).toEqual([`downloading ${url}`, `downloading ${url}`]);
    await rm(join(cache, `${sha256}.safetensors`));
    await mkdir(join(cache, `${sha256}.safetensors`, 'folder'), { recursive: true });
    await open(url, sha256);
    expect(requests).toBe(3);
  });

  it('are cached under the URL without a known SHA-256, which is returned', async () => {
    const sha256 = await makeTensors();
    for (const _ of [1, 2]) expect((await open(url)).sha256).toBe(sha256);
    expect(requests).toBe(1);
  });

  it('are not cached if they are not a safetensors file', async () => {
    served = Buffer.from('<html>log in first</html>');
    await expect(open(url)).rejects.toThrow(
      new Error(`the pretrained weights ${url} are not a usable safetensors file`),
    );
    expect(await readdir(cache)).toEqual([]);
  });

  it('are refused from a host that is not allowed, even if they are cached, and nothing is sent there', async () => {
    const sha256 = await makeTensors();
    await open(url, sha256);
    const nothing = { allowed: { folders: [weights], hosts: [] } };
    await expect(open(url, sha256, nothing)).rejects.toThrow(new Error(unavailable(url)));
    await expect(open(url, null, nothing)).rejects.toThrow(new Error(unavailable(url)));
    expect(requests).toBe(1);
    expect(privateLines.at(-1)).toContain('is not allowed');
  });

  it('give nothing away when they cannot be downloaded or have another SHA-256', async () => {
    const sha256 = await makeTensors();
    const wrong = new Error(`the pretrained weights ${url} do not have the SHA-256 that the run expects`);
    await expect(open(url, 'c'.repeat(64))).rejects.toThrow(wrong);
    expect(privateLines.at(-1)).toContain(sha256);
    await expect(open(url, sha256, { maxBytes: 10 })).rejects.toThrow(new Error(unavailable(url)));
    expect(privateLines.at(-1)).toContain('more than 10 bytes');
    expect(await readdir(cache)).toEqual([]);
  });
});
