import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { Command } from 'commander';
import { freePort } from '../processes/free-port.js';
import { type NodeBinary, nodeBinary } from './support/node-binary.js';
import { nodeDependentSpecs } from './support/node-dependent-specs.js';

/**
 * `npm run test:node -- 22 24`: the specs of what may differ between versions of Node, and a short demo, on other versions, with
 * this checkout's code and packages.
 */
const SUPPORTED = ['20.19.0', '22', '24'];

const command = new Command('test:node')
  .description(
    'Runs the specs that depend on Node (e2e/support/node-dependent-specs.ts) and a short demo on other versions.',
  )
  .argument('[versions...]', 'exact versions or prefixes (24: the newest 24.x)', SUPPORTED)
  .option('--specs <paths...>', 'instead, all unit specs whose path contains one of these; / for every spec')
  .addHelpText(
    'after',
    '\nExamples:\n  npm run test:node\n  npm run test:node -- 24\n  npm run test:node -- 22 24 --specs runner/networks server/runs\n\n' +
      'Exit code: 0 when everything passed on every version, otherwise 1.',
  )
  .parse();

const { specs = nodeDependentSpecs(process.cwd()) } = command.opts<{ specs?: string[] }>();
const [wanted = SUPPORTED] = command.processedArgs as [string[]];
const results: string[] = [];

for (const version of wanted) {
  console.log(`\n== Node ${version}`);
  try {
    results.push(await tryNode(nodeBinary(version)));
  } catch (error) {
    results.push(`Node ${version}: FAILED: ${(error as Error).message}`);
  }
}
console.log(`\n${results.join('\n')}`);
process.exitCode = results.some((result) => result.includes('FAILED')) ? 1 : 0;

/** One line that says what passed and what failed. */
async function tryNode(node: NodeBinary): Promise<string> {
  const startedMs = Date.now();
  const [tests, demo] = [unitTests(node), shortDemo(node, await freePort())];
  const seconds = Math.round((Date.now() - startedMs) / 1000);
  return `Node ${node.version}: ${tests}, ${demo}, ${seconds} s`;
}

function unitTests(node: NodeBinary): string {
  const folder = mkdtempSync(join(tmpdir(), 'crosscheck-node-'));
  const report = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const passed = run(node, ['node_modules/vitest/vitest.mjs', 'run', '--project', '!e2e', ...reporters, ...specs]);
    if (!passed) return 'tests FAILED';
    const { numPassedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>;
    return `${numPassedTests} tests ok (${numPendingTests} skipped)`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** On its own port, because another demo that starts at the same time would use the default one. */
function shortDemo(node: NodeBinary, port: number): string {
  const options = ['--exit', '--iterations', '10', '--port', String(port)];
  return run(node, ['cli/crosscheck.mjs', 'demo', ...options]) ? 'demo ok' : 'demo FAILED';
}

/** With its folder first in PATH, so that children started as `node` or `npx` use the same Node. */
function run(node: NodeBinary, args: string[]): boolean {
  const env = { ...process.env, PATH: [dirname(node.path), process.env.PATH].join(delimiter) };
  return spawnSync(node.path, args, { stdio: 'inherit', env }).status === 0;
}
