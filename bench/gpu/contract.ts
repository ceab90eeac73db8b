import { existsSync } from 'node:fs';
import { AS_BUILT } from '../../e2e/support/build.global-setup.js';
import { GPU_CONTRACT } from '../../e2e/support/engine-contract.js';
import { compiledFile } from '../../runner/compiled/compiled-file.js';
import { type ContractLine, MARK } from './contract-reporter.js';
import { runFor } from './run-for.js';
import { type Section, verbatim } from './section.js';

const VITEST = 'node_modules/vitest/vitest.mjs';
const MOST_FAILURES = 20;

/** Runs the contract tests of the webgpu engine, as `npm run test:engine -- webgpu` does, without building first. */
export async function contractSection(seconds: number): Promise<Section> {
  const title = 'Contract tests';
  if (!existsSync(VITEST)) {
    return { title, lines: [], leftOut: `all contract tests, because ${VITEST} does not exist`, failed: true };
  }
  let expected: string[] = [];
  const ended = new Map<string, Extract<ContractLine, { spec: string }>>();
  const reporter = compiledFile('./contract-reporter.js', import.meta.url);
  const ran = await runFor([VITEST, 'run', ...GPU_CONTRACT, `--reporter=${reporter}`], {
    seconds,
    env: { CROSSCHECK_TEST_ENGINE: 'webgpu', [AS_BUILT]: '1' },
    onLine: (text) => {
      if (!text.startsWith(MARK)) return;
      const line = JSON.parse(text.slice(MARK.length)) as ContractLine;
      if ('specs' in line) expected = line.specs;
      else ended.set(line.spec, line);
    },
  });
  const specs = [...ended.values()];
  const sum = (of: 'passed' | 'skipped') => specs.reduce((all, spec) => all + spec[of], 0);
  const failures = specs.flatMap(({ spec, failed }) => failed.map((each) => `${spec}: ${each}`));
  const missing = expected.filter((spec) => !ended.has(spec));
  const whole = `Of ${expected.length} specs, ${ended.size} ended in ${Math.round(ran.seconds)} s`;
  const lines = [`${whole}: ${sum('passed')} tests passed, ${failures.length} failed, ${sum('skipped')} were skipped.`];
  if (failures.length > 0) lines.push('', ...verbatim(failures.slice(0, MOST_FAILURES)));
  const broken = !ran.ok && !ran.outOfTime;
  if (broken && failures.length === 0) lines.push('', 'The tests stopped unexpectedly:', '', ...verbatim(ran.tail));
  return {
    title,
    lines,
    leftOut: missing.length > 0 ? `the specs ${missing.join(', ')}` : null,
    // If no test has passed, nothing is known about the GPU.
    failed: broken || failures.length > 0 || sum('passed') === 0,
  };
}
