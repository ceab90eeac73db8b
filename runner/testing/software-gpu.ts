import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';

/** Debian's `chromium` contains SwiftShader, a Vulkan driver that computes on the CPU, and a loader for it. */
const CHROMIUM = '/usr/lib/chromium';
export const SOFTWARE_DRIVER = `${CHROMIUM}/vk_swiftshader_icd.json`;

/** A part of the name of the driver's adapter. */
export const SOFTWARE_ADAPTER = 'SwiftShader';

/** Exits with 0 if Dawn finds an adapter. It runs in its own process, because Dawn reads the environment when it is loaded. */
const COUNT_ADAPTERS = `
  import { create } from 'webgpu';
  const adapter = await create([]).requestAdapter();
  process.exit(adapter ? 0 : 1);`;

/** The variables with which a process uses the software GPU, and no other. Null if it is not installed. */
export function softwareGpuEnvironment(): Record<string, string> | null {
  if (!existsSync(SOFTWARE_DRIVER)) return null;
  const libraries = [CHROMIUM, process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter);
  return { VK_ICD_FILENAMES: SOFTWARE_DRIVER, LD_LIBRARY_PATH: libraries };
}

/** Whether Dawn finds an adapter, with the environment of this process. */
export function hasAdapter(): boolean {
  return spawnSync(process.execPath, ['--input-type=module', '--eval', COUNT_ADAPTERS]).status === 0;
}
