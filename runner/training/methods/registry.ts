import type { MethodConfig } from '../../../schema/run-config.js';
import { augseg } from './augseg.js';
import { cct } from './cct.js';
import { cpc } from './cpc.js';
import { cps } from './cps.js';
import { cpsCutmix } from './cps-cutmix.js';
import { cutmixSeg } from './cutmix-seg.js';
import { gct } from './gct.js';
import { meanTeacher } from './mean-teacher.js';
import type { Method } from './method.js';
import { selfTraining } from './self-training.js';
import { supervised } from './supervised.js';
import { unimatch } from './unimatch.js';
import { weakToStrongCps } from './weak-to-strong-cps.js';

type Create = { [Name in MethodConfig['name']]: (config: Extract<MethodConfig, { name: Name }>) => Method };

/** All methods. To add one, add a line here, one in schema/method-config.ts, a schema in schema/methods, and a file. */
const METHODS: Create = {
  supervised,
  cps,
  cps_cutmix: cpsCutmix,
  cpc,
  mean_teacher: meanTeacher,
  cutmix_seg: cutmixSeg,
  cct,
  gct,
  self_training: selfTraining,
  unimatch,
  weak_to_strong_cps: weakToStrongCps,
  augseg,
};

/** Creates the method that a configuration names. */
export function createMethod(config: MethodConfig): Method {
  return (METHODS[config.name] as (config: MethodConfig) => Method)(config);
}
