import { hasAdapter, SOFTWARE_DRIVER, softwareGpuEnvironment } from './software-gpu.js';

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
  const software = softwareGpuEnvironment();
  if (software) {
    Object.assign(process.env, software);
    if (hasAdapter()) return;
  }
  const message = `no GPU and no software GPU for the webgpu tests: install Debian's chromium (${SOFTWARE_DRIVER})`;
  if (process.env.CI === 'true') throw new Error(message);
  console.warn(`${message}; they are skipped`);
  process.env.CROSSCHECK_TEST_NO_WEBGPU = '1';
}
