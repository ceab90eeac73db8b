import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';

/** Debian's `chromium` brings SwiftShader, a Vulkan driver that computes on the processor, and a loader for it. */
const CHROMIUM = '/usr/lib/chromium';
const DRIVER = `${CHROMIUM}/vk_swiftshader_icd.json`;

/** Prints how many adapters Dawn finds; in a process of its own, because the environment is read when Dawn is loaded. */
const COUNT_ADAPTERS = `
  import { create } from 'webgpu';
  const adapter = await create([]).requestAdapter();
  process.exit(adapter ? 0 : 1);`;

/**
 * Before any test: where no GPU is found, the webgpu engine gets SwiftShader, and takes it without being told. Processes that tests run in inherit the
 * environment. Without that, too, the webgpu tests are left out, and with CI=true that is a failure.
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
  console.warn(`${message}; they are left out`);
  process.env.CROSSCHECK_TEST_NO_WEBGPU = '1';
}

function hasAdapter(): boolean {
  return spawnSync(process.execPath, ['--input-type=module', '--eval', COUNT_ADAPTERS]).status === 0;
}
