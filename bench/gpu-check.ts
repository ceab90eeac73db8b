import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { checkedOutCommit } from '../cli/commit.js';
import { EXIT } from '../schema/exit-codes.js';
import { contractSection } from './gpu/contract.js';
import { findGpu } from './gpu/find-gpu.js';
import { parseOptions } from './gpu/options.js';
import { page } from './gpu/page.js';
import { SIZES, SMALL_SIZES, speedSection } from './gpu/speed.js';
import { studySection } from './gpu/study.js';

/**
 * `npm run gpu-check` on a machine with a GPU: the contract tests of the webgpu engine, `bench:train` at the paper's size and a
 * short study, each with a budget of time, and a page with what came out. What a part does not use is left for the next.
 */

/** Parts of the time. The rest is for the study. */
const CONTRACT_SHARE = 0.4;
const SPEED_SHARE = 0.3;
/** For starting, and for stopping a part whose time is up. */
const MARGIN_SECONDS = 60;

const { software, adapter, minutes, page: file } = parseOptions();
const started = performance.now();
const elapsed = () => (performance.now() - started) / 1000;
const left = () => minutes * 60 - MARGIN_SECONDS - elapsed();

const gpu = await findGpu({ software, adapter });
if ('problem' in gpu) {
  console.error(`gpu-check: ${gpu.problem}`);
  process.exit(EXIT.refused);
}
console.error(gpu.device);
const engine = ['--engine', 'webgpu', ...(gpu.adapter === null ? [] : ['--adapter', gpu.adapter])];
const all = left();
const contract = await contractSection(all * CONTRACT_SHARE);
const forStudy = all * (1 - CONTRACT_SHARE - SPEED_SHARE);
const speed = await speedSection(left() - forStudy, software ? SMALL_SIZES : SIZES, engine);
const study = await studySection(left(), speed.stepMs, engine);
const sections = [contract, speed, study];
const facts = { device: gpu.device, software, commit: checkedOutCommit(), seconds: elapsed(), minutesAllowed: minutes };
await mkdir(dirname(file), { recursive: true });
await writeFile(file, page(facts, sections));
console.error(`gpu-check: wrote ${file}`);
process.exit(sections.some(({ failed }) => failed) ? EXIT.failed : EXIT.done);
