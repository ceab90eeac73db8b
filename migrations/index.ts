import { Core0001 } from './0001-core.js';

/** In the order in which they are applied. */
export const migrations = [Core0001];
