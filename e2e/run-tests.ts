import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { failedTests, type SpecReport } from './support/failed-tests.js';

/**
 * Runs all tests. Prints the slowest specs, a line for each failure, and the counts as its last line:
 * `N passed, N failed, N skipped`.
 */
const SHOWN = 15;

/** The parts of Vitest's JSON report that are read here. */
interface Report {
  numPassedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: (SpecReport & { startTime: number; endTime: number })[];
}

const folder = mkdtempSync(join(tmpdir(), 'crosscheck-tests-'));
const total = { passed: 0, skipped: 0 };
const specs: { path: string; seconds: number }[] = [];
const failures: string[] = [];

const file = join(folder, 'report.json');
const vitest = ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
const run = spawnSync('npx', vitest, { stdio: 'inherit' });
try {
  count(JSON.parse(readFileSync(file, 'utf8')) as Report);
} catch (error) {
  failures.push(`failed: the tests wrote no report: ${(error as Error).message}`);
}
// An error outside of all tests is not in the report.
if (run.status !== 0 && failures.length === 0) {
  failures.push(`failed: Vitest ended with ${run.status ?? run.signal}, see above`);
}
rmSync(folder, { recursive: true, force: true });

console.log(`\nThe ${SHOWN} slowest specs:`);
for (const { path, seconds } of specs.sort((a, b) => b.seconds - a.seconds).slice(0, SHOWN)) {
  console.log(`${seconds.toFixed(1).padStart(7)} s  ${path}`);
}
if (failures.length > 0) console.log(`\n${failures.join('\n')}`);
console.log(`\n${total.passed} passed, ${failures.length} failed, ${total.skipped} skipped`);
process.exitCode = failures.length > 0 ? 1 : 0;

function count(report: Report): void {
  total.passed += report.numPassedTests;
  total.skipped += report.numPendingTests + report.numTodoTests;
  failures.push(...failedTests(report.testResults, process.cwd()));
  for (const { name, startTime, endTime } of report.testResults) {
    specs.push({ path: relative(process.cwd(), name), seconds: (endTime - startTime) / 1000 });
  }
}
