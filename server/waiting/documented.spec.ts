import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../package-root.js';
import { documentedExamples, variablesFor } from '../testing/documented.js';
import { testServer, USER_TOKEN } from '../testing/test-server.js';
import { WaitingCode } from './waiting.types.js';

const server = testServer({ authRequired: true });
const examples = documentedExamples('api/waiting.md');

it('the examples of docs/api/waiting.md work', async () => {
  const { id: runner } = await server.registerRunner();
  const run = await server.createRun();
  const input = {
    ...{ name: 's', base: { dataset: 'shapes', split: { labelledRatio: 0.5 } } },
    matrix: { methods: [{ name: 'cps' }] },
  };
  const known: Record<string, unknown> = { run, runner, input };
  const answers = [];
  for (const { document } of examples) {
    answers.push(await server.ask(document, variablesFor(document, known), USER_TOKEN));
  }
  expect(answers).toEqual([
    {
      run: {
        waiting: { reason: null, ahead: 0, estimate: null, runners: [{ runner: { name: 'gpu-1' }, reason: null }] },
      },
    },
    { planStudy: { runs: 1, names: ['CPS, 1/2, seed 0'], waiting: [] } },
    { pauseRunner: { paused: true, state: 'ONLINE' } },
    { resumeRunner: { paused: false } },
    { drainRunner: { state: 'DRAINING' } },
    { undrainRunner: { state: 'ONLINE' } },
    { renameRunner: { name: 'big' } },
    { rotateRunnerToken: { token: expect.stringMatching(/^crosscheck_runner_/) } },
  ]);
});

it('docs/api/waiting.md explains every code', () => {
  const page = readFileSync(join(packageRoot, 'docs/api/waiting.md'), 'utf8');
  expect(Object.values(WaitingCode).filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
});
