import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FaultList } from './fault-list.js';
import { Findings } from './findings.js';
import { errorsIn } from './server-log.js';

const STACK =
  'QueryFailedError: x\n    at pg (/a/node_modules/pg/x.js:1:2)\n    at RunsRepository.page (/a/dist/server/runs/runs.repository.js:9:1)';
const entry = (level: number, more: object) => JSON.stringify({ level, msg: 'internal error', ...more });
const failed = (id: string, message: string) =>
  entry(50, { id, err: { type: 'QueryFailedError', message, stack: STACK } });

it('gives a masked error the cause from the log, and reports what no answer has named', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crosscheck-log-'));
  try {
    const file = join(folder, 'server.log');
    const lines = [
      entry(30, {}),
      'not JSON',
      failed('one', 'bad "5"'),
      failed('two', 'bad "6"'),
      failed('three', 'worse'),
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
    const logged = await errorsIn(file);
    expect(logged[0]).toEqual({
      id: 'one',
      line: 'internal error: QueryFailedError: bad …',
      place: 'at RunsRepository.page (dist/server/runs/runs.repository.js:9:1)',
    });
    const findings = new Findings();
    for (const id of ['one', 'two']) {
      const graphql = { errors: [{ message: `under ${id}`, extensions: { id } }] };
      const answer = { status: 200, closed: null, failure: null, milliseconds: 1, text: '', graphql };
      findings.add({ kind: 'masked internal error', what: 'x' }, null, answer);
    }
    const list: FaultList = findings.listed(logged);
    expect(list.counts).toEqual({ 'masked internal error': 2, 'error in the log': 1 });
    const text = list.lines.join('\n');
    expect(text).toContain('masked internal error, 2 times: internal error: QueryFailedError: bad …');
    expect(text).toContain('at RunsRepository.page');
    expect(text).toContain('error in the log, 1 times: internal error: QueryFailedError: worse');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
