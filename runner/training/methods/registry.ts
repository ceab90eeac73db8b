import type { MethodConfig } from '../../../schema/run-config.js';
import { cps } from './cps.js';
import { cpsCutmix } from './cps-cutmix.js';
import type { Method } from './method.js';
import { supervised } from './supervised.js';

/** The method that a configuration names. */
export function createMethod(config: MethodConfig): Method {
  switch (config.name) {
    case 'supervised':
      return supervised();
    case 'cps':
      return cps(config);
    case 'cps_cutmix':
      return cpsCutmix(config);
  }
}
