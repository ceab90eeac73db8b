import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Real road scenes that lie beside the repository; a newcomer does not have them. */
export const CAMVID = fileURLToPath(new URL('../../../../shared/data/camvid-small', import.meta.url));

/** Whether the tests on them can run; on CI their absence is a failure. */
export function hasCamvid(): boolean {
  if (existsSync(CAMVID)) return true;
  if (process.env.CI === 'true') throw new Error('../shared/data/camvid-small is missing; CI must have it');
  return false;
}
