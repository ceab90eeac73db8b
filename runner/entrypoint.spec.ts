import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'crosscheck-entrypoint-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('the entrypoint of the image passes the registration token on no command line, and not to the agent', () => {
  // Stands in for node, which would start a whole runner: it notes how it was called, as /proc would show it.
  const variables = ['CROSSCHECK_REGISTRATION_TOKEN', 'REGISTRATION_TOKEN'].map((name) => `\${${name}:-none}`);
  const script = `#!/bin/sh\necho "$* | ${variables.join(' ')}" >> calls\n`;
  writeFileSync(join(folder, 'node'), script, { mode: 0o755 });
  const env = {
    PATH: `${folder}:${process.env.PATH}`,
    SERVER_URL: 'http://server:4000',
    REGISTRATION_TOKEN: 'secret',
    ENGINE: 'auto',
    ADAPTER: 'T4',
  };
  execFileSync('sh', [join(import.meta.dirname, 'entrypoint.sh')], { cwd: folder, env });
  expect(readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n')).toEqual([
    'cli/crosscheck.mjs runner register --home /runner --server http://server:4000 --engine auto --adapter T4 | secret secret',
    'cli/crosscheck.mjs runner start --home /runner | none none',
  ]);
});
