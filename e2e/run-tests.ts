import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs the tests in two goes, so that whole scenarios do not compete with each other for the machine, and ends with one
 * line that counts them all: `N passed, N failed, N skipped`.
 */
const projects = ['unit', 'e2e'];
const reports = mkdtempSync(join(tmpdir(), 'crosscheck-tests-'));
const total = { passed: 0, failed: 0, skipped: 0 };
let broken = false;

for (const project of projects) {
  const report = join(reports, `${project}.json`);
  const vitest = ['vitest', 'run', '--project', project, '--reporter=default', '--reporter=json'];
  const run = spawnSync('npx', [...vitest, `--outputFile.json=${report}`], { stdio: 'inherit' });
  broken ||= run.status !== 0;
  try {
    const counts = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>;
    total.passed += counts.numPassedTests ?? 0;
    total.failed += (counts.numFailedTests ?? 0) + (counts.numRuntimeErrorTestSuites ?? 0);
    total.skipped += (counts.numPendingTests ?? 0) + (counts.numTodoTests ?? 0);
  } catch {
    console.error(`the ${project} tests left no report`);
    broken = true;
  }
}

rmSync(reports, { recursive: true, force: true });
// A suite that could not even be loaded counts no failed test, but is a failure all the same.
if (broken && total.failed === 0) total.failed = 1;
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = broken || total.failed > 0 ? 1 : 0;
