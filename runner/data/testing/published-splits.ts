import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** List files of published splits that lie beside the repository; a newcomer does not have them. */
export const PUBLISHED_SPLITS = fileURLToPath(new URL('../../../../shared/data/splits', import.meta.url));

/** Whether the tests on them can run; on CI their absence is a failure. */
export function hasPublishedSplits(): boolean {
  if (existsSync(PUBLISHED_SPLITS)) return true;
  if (process.env.CI === 'true') throw new Error('../shared/data/splits is missing; CI must have it');
  return false;
}
