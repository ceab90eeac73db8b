import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as generated from '../../schema/generated/runner/graphql.js';
import { readAnswer } from './answers.js';
import { ServerFault } from './errors.js';
import { ServerClient } from './server-client.js';
import { FalseServer } from './testing/false-server.js';
import { badValues, pathsOf, rawJson, withValue } from './testing/lies.js';

const folder = mkdtempSync(`${tmpdir()}/crosscheck-answers-`);
const bait = { url: 'http://127.0.0.1:9/trap', path: folder };
const server = new FalseServer(bait);
const DOCUMENTS = Object.entries(generated)
  .filter(([name]) => name.endsWith('Document') && name !== 'RunQueuedDocument')
  .map(([name, document]) => [name.replace(/Document$/, ''), document] as const);
type Document = typeof generated.ClaimRunDocument;

beforeAll(() => server.listen());
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const honest = (operation: string): unknown => server.example(operation);

/** Which of the bad values each field may have after all, by the last part of its path. */
function mayBe(field: string, value: unknown): boolean {
  if (['name', 'engine', 'device'].includes(field))
    return typeof value === 'string' && value.length <= 1024 && !/^@/.test(value);
  if (field === 'versionWarning')
    return value === null || (typeof value === 'string' && value.length <= 1024 && !/^@/.test(value));
  if (field === 'problem')
    return value === null || (typeof value === 'string' && value.length <= 2048 && !/^@/.test(value));
  if (field === 'protocolVersion') return value === 2 ** 31;
  if (field === 'version') return typeof value === 'string' && value.length <= 100 && !/^@/.test(value);
  if (field === 'url') return typeof value === 'string' && value.length <= 2048 && !/^@/.test(value);
  if (field.endsWith('Seconds')) return value === 1.5;
  if (['number', 'fence', 'iterations', 'step', 'acknowledged', 'bytes', 'slotLimit'].includes(field))
    return value === 0 || value === 2 ** 31;
  if (field === 'releaseRunner') return value === true;
  if (['claimRun', 'resumeFrom'].includes(field)) return value === null;
  // The optional runner of a status, not that of the other answers.
  if (['heartbeat', 'activeAttempts'].includes(field)) return Array.isArray(value) && value.length === 0;
  return field === 'token' && typeof value === 'string' && /^[\x21-\x7e]{1,512}$/.test(value) && !/^@/.test(value);
}

describe.each(DOCUMENTS)('the answer to %s', (operation, document) => {
  it('is accepted as an honest server gives it, without unknown fields', () => {
    const data = honest(operation) as object;
    expect(readAnswer(document as Document, { ...data, more: 1 })).toEqual(data);
  });

  it('is refused with any bad value in any field, with the name of the field', () => {
    let refused = 0;
    for (const path of pathsOf(honest(operation))) {
      // NaN is not JSON, so it makes the whole answer wrong.
      for (const value of badValues(bait).filter((each) => each !== '@nan')) {
        const { data } = JSON.parse(rawJson({ data: withValue(honest(operation), path, value) }));
        const read = () => readAnswer(document as Document, data);
        const about = `${path.join('.')} = ${JSON.stringify(value)?.slice(0, 60)}`;
        const field = path.at(-1) ?? '';
        if (mayBe(field, value) || (operation === 'RunnerStatus' && path.join() === 'runner' && value === null)) {
          expect(read, about).not.toThrow();
        } else {
          expect(read, about).toThrow(path.length === 0 ? /./ : path.join('.'));
          refused += 1;
        }
      }
    }
    // The shortest answer has one field.
    expect(refused).toBeGreaterThan(30);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

it('an answer that is wrong as a whole becomes a fault that is not a refusal', { timeout: 60_000 }, async () => {
  const client = new ServerClient(server.url, 'secret');
  const lies = server.lieAbout('ClaimRun').filter(({ about }) => !about.includes(' = '));
  server.lies.set('ClaimRun', lies);
  expect(lies.length).toBeGreaterThan(30);
  while (lies.length > 0) {
    const { about } = lies[0]!;
    const error = await client.request(generated.ClaimRunDocument, {}).catch((error) => error);
    // Every second answer is honest.
    if (lies[0]?.about === about) continue;
    expect(error, about).toBeInstanceOf(ServerFault);
    expect(['broken', 'unreachable'], about).toContain(error.kind);
    expect(error.message.length, about).toBeLessThan(11_000);
    expect(error.message, about).not.toMatch(/(?!\n)\p{Cc}/u);
  }
});

it('names the value, shortened and without control characters', () => {
  const data = withValue(honest('ClaimRun'), ['claimRun', 'attemptId'], `\u001b[31m${'x'.repeat(500)}`);
  expect(() => readAnswer(generated.ClaimRunDocument, data)).toThrow(
    /^claimRun\.attemptId: Too big: .*; got "\\u001b\[31mx{95}…"$/,
  );
  const text = { heartbeat: [{ attemptId: '../../victim', directive: 'CONTINUE' }] };
  expect(() => readAnswer(generated.HeartbeatDocument, text)).toThrow(
    'heartbeat.0.attemptId: must be a UUID in lower case; got "../../victim"',
  );
});
