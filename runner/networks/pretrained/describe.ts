import type { BackboneMatch } from './match.js';

/**
 * Describes which tensors were loaded, missing or unused, and which part of the network no file provides.
 * @param rest the tensors outside the backbone, by the part that they belong to
 */
export function describeMatch(
  { tensors, missing, leftOver, misfits }: BackboneMatch,
  rest: ReadonlyMap<string, number> = new Map(),
): string {
  const lines = [`${tensors.size} of ${tensors.size + missing.length} tensors of the backbone loaded`];
  if (missing.length > 0) {
    lines.push(`not loaded, so initialised at random: ${missing.length} tensors, ${modules(missing)}`);
  }
  const parts = [...rest].map(([part, count]) => `${part} (${count} tensors)`);
  if (parts.length > 0) lines.push(`always random: ${parts.join(', ')}`);
  if (leftOver.length > 0) lines.push(`not used from the file: ${modules(leftOver)}`);
  return [...lines, ...misfits].join('; ');
}

const COUNTER = '.num_batches_tracked';

/** `bn1.weight, bn1.bias` → `bn1 (weight, bias)`. Batch norm counters are only counted, not named. */
function modules(names: readonly string[]): string {
  const parameters = new Map<string, string[]>();
  for (const name of names) {
    if (name.endsWith(COUNTER)) continue;
    const dot = name.lastIndexOf('.');
    const module = name.slice(0, Math.max(dot, 0));
    parameters.set(module, [...(parameters.get(module) ?? []), name.slice(dot + 1)]);
  }
  const texts = [...parameters].map(([module, each]) =>
    module === '' ? each.join(', ') : `${module} (${each.join(', ')})`,
  );
  const counters = names.filter((name) => name.endsWith(COUNTER)).length;
  if (counters > 0) texts.push(`${counters} batch norm counters`);
  return texts.join(', ');
}
