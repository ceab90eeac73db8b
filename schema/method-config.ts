import { z } from 'zod';
import { augseg, cct, cutmixSeg, meanTeacher, selfTraining, supervised, unimatch } from './methods/one-network.js';
import { cpc, cps, cpsCutmix, gct, weakToStrongCps } from './methods/two-networks.js';

/**
 * Every method and its settings. Defaults are those of the authors; where a default is ours, the page in docs/methods/ says so. A
 * method is a schema in schema/methods and a file in runner/training/methods.
 */

export const methodConfig = z.discriminatedUnion('name', [
  supervised,
  cps,
  cpsCutmix,
  cpc,
  meanTeacher,
  cutmixSeg,
  cct,
  gct,
  selfTraining,
  unimatch,
  weakToStrongCps,
  augseg,
]);

export type MethodConfig = z.output<typeof methodConfig>;
export type MethodName = MethodConfig['name'];

/** Whether the images that keep their labels also are in the method's unlabelled streams. */
export function unlabelledAreAll(method: z.output<typeof methodConfig>): boolean {
  return 'unlabelledImages' in method && method.unlabelledImages === 'all';
}

/** Whether the method trains two networks. Must agree with its `branches` in runner/training/methods. */
export function trainsTwoNetworks({ name }: Pick<z.output<typeof methodConfig>, 'name'>): boolean {
  return ['cps', 'cps_cutmix', 'cpc', 'gct', 'weak_to_strong_cps'].includes(name);
}

/** Whether the method uses unlabelled images. Must agree with its `streams` in runner/training/methods. */
export function trainsOnUnlabelled(method: z.output<typeof methodConfig>): boolean {
  return method.name !== 'supervised' && !(method.name === 'cps' && method.on === 'labelled');
}
