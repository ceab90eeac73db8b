import { expect, it } from 'vitest';
import { testServer } from '../testing/test-server.js';

const server = testServer();
const COMMIT = 'a'.repeat(40);

it('an attempt says which code its runner ran', async () => {
  const runner = await server.registerRunner({ version: '0.3.1', commit: COMMIT });
  const id = await server.createRun();
  const attempt = (await runner.claim())!;
  // The agent is upgraded, and starts again: its attempt is lost, and the run begins another one.
  await runner.start({ version: '0.3.2', commit: `${COMMIT}-dirty` });
  expect((await runner.claim())!.runId).toBe(attempt.runId);
  await runner.start({ version: '0.3.3' });
  await runner.claim();
  const { attempts, runner: last } = await server.run(id, 'attempts { version commit } runner { version commit }');
  expect(attempts).toEqual([
    { version: '0.3.1', commit: COMMIT },
    { version: '0.3.2', commit: `${COMMIT}-dirty` },
    { version: '0.3.3', commit: null },
  ]);
  expect(last).toEqual({ version: '0.3.3', commit: null });
});

it.each(['', 'HEAD', 'a'.repeat(65), `${COMMIT}-clean`])('%j is not a commit', async (commit) => {
  const runner = await server.registerRunner();
  await expect(runner.start({ commit })).rejects.toThrow('commit: must be 7 to 64 hex digits');
});
