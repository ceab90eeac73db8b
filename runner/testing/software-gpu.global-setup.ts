import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';

/** Debian's `chromium` contains SwiftShader, a Vulkan driver that computes on the CPU, and a loader for it. */
const CHROMIUM = '/usr/lib/chromium';
const DRIVER = `${CHROMIUM}/vk_swiftshader_icd.json`;

/** Exits with 0 if Dawn finds an adapter. It runs in its own process, because Dawn reads the environment when it is loaded. */
const COUNT_ADAPTERS = `
  import { create } from 'webgpu';
  const adapter = await create([]).requestAdapter();
  process.exit(adapter ? 0 : 1);`;

/**
 * Runs before all tests. If there is no GPU, it makes the webgpu engine use SwiftShader and accept it by default, through the
 * environment, which test processes inherit. If SwiftShader is missing, too, the webgpu tests are skipped, or with CI=true
 * the test run fails.
 */
export default function setup(): void {
  const engine = process.env.CROSSCHECK_TEST_ENGINE ?? 'webgpu';
  if (engine !== 'webgpu') return;
  process.env.CROSSCHECK_TEST_SOFTWARE_GPU = '1';
  if (hasAdapter()) return;
  if (existsSync(DRIVER)) {
    process.env.VK_ICD_FILENAMES = DRIVER;
    process.env.LD_LIBRARY_PATH = [CHROMIUM, process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter);
    if (hasAdapter()) return;
  }
  const message = `no GPU and no software GPU for the webgpu tests: install Debian's chromium (${DRIVER})`;
  if (process.env.CI === 'true') throw new Error(message);
  console.warn(`${message}; they are skipped`);
  process.env.CROSSCHECK_TEST_NO_WEBGPU = '1';
}

function hasAdapter(): boolean {
  return spawnSync(process.execPath, ['--input-type=module', '--eval', COUNT_ADAPTERS]).status === 0;
}
