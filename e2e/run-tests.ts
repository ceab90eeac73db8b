import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/**
 * Runs all tests in two passes, so that whole scenarios do not compete with each other for the machine. Prints the slowest
 * specs, and the counts as its last line: `N passed, N failed, N skipped`.
 */
const PASSES = { unit: '!e2e', 'end-to-end': 'e2e' };
const SHOWN = 15;

/** The parts of Vitest's JSON report that are read here. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numRuntimeErrorTestSuites?: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { name: string; startTime: number; endTime: number }[];
}

const folder = mkdtempSync(join(tmpdir(), 'crosscheck-tests-'));
const total = { passed: 0, failed: 0, skipped: 0 };
const specs: { path: string; seconds: number }[] = [];
let broken = false;

for (const [pass, project] of Object.entries(PASSES)) {
  const file = join(folder, `${pass}.json`);
  const vitest = ['vitest', 'run', '--project', project, '--reporter=default', '--reporter=json'];
  const run = spawnSync('npx', [...vitest, `--outputFile.json=${file}`], { stdio: 'inherit' });
  broken ||= run.status !== 0;
  try {
    count(JSON.parse(readFileSync(file, 'utf8')) as Report);
  } catch (error) {
    console.error(`the ${pass} tests wrote no report: ${(error as Error).message}`);
    broken = true;
  }
}
rmSync(folder, { recursive: true, force: true });

console.log(`\nThe ${SHOWN} slowest specs:`);
for (const { path, seconds } of specs.sort((a, b) => b.seconds - a.seconds).slice(0, SHOWN)) {
  console.log(`${seconds.toFixed(1).padStart(7)} s  ${path}`);
}
// A suite that could not be loaded has no failed tests, but it is a failure.
if (broken && total.failed === 0) total.failed = 1;
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = broken || total.failed > 0 ? 1 : 0;

function count(report: Report): void {
  total.passed += report.numPassedTests;
  total.failed += report.numFailedTests + (report.numRuntimeErrorTestSuites ?? 0);
  total.skipped += report.numPendingTests + report.numTodoTests;
  for (const { name, startTime, endTime } of report.testResults) {
    specs.push({ path: relative(process.cwd(), name), seconds: (endTime - startTime) / 1000 });
  }
}
