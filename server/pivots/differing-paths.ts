import type { Settings } from './compared-run.js';

/** The paths of settings that not all have, or not with the same value. */
export function differingPaths(settings: readonly Settings[]): Set<string> {
  const differing = new Set<string>();
  const [first, ...others] = settings;
  for (const { flat } of others) {
    for (const [path, value] of flat) if (first!.flat.get(path) !== value) differing.add(path);
    for (const path of first!.flat.keys()) if (!flat.has(path)) differing.add(path);
  }
  return differing;
}

/** Whether a setting tells how near a baseline is. Its method is what is compared, and its labelled images are equal. */
export const isOfDistance = (path: string): boolean => !/^(method|split)\./.test(path);

/** In how many settings two runs differ, apart from method and split. Stops counting above `most`. */
export function distanceOf(a: Settings, b: Settings, most: number): number {
  let distance = 0;
  for (const [path, value] of a.flat) {
    if (b.flat.get(path) !== value && isOfDistance(path)) distance++;
    if (distance > most) return distance;
  }
  for (const path of b.flat.keys()) if (!a.flat.has(path) && isOfDistance(path)) distance++;
  return distance;
}

/** All settings but the split, as a text that is equal for equal ones. */
export function withoutSplit({ flat }: Settings): string {
  return JSON.stringify([...flat].filter(([path]) => !path.startsWith('split.')).sort(([a], [b]) => (a < b ? -1 : 1)));
}
