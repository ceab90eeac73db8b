import type { Stem } from '../stem.js';

const DESCRIPTIONS: Record<Stem, string> = {
  deep: 'a deep stem with 64, 64 and 128 channels',
  '7x7': 'a 7x7 stem',
  d: "the stem and shortcuts of timm's ResNet-D",
};

/**
 * The stem of a backbone; `other` if `network.stem` has no value for it, null if there is none.
 * @param shapes name → shape in PyTorch's order
 */
export function stemOf(shapes: ReadonlyMap<string, readonly number[]>): Stem | 'other' | null {
  const single = shapes.get('conv1.weight');
  if (single) return single[2] === 7 ? '7x7' : 'other';
  const third = shapes.get('conv1.6.weight');
  if (!third) return null;
  const wide = third[0]! > (shapes.get('layer1.0.conv1.weight')?.[0] ?? 0);
  const averages = [1, 2, 3, 4].some((layer) => shapes.get(`layer${layer}.0.downsample.1.weight`)?.length === 4);
  if (wide === averages) return 'other';
  return averages ? 'd' : 'deep';
}

/** Whether a tensor belongs to the stem. */
export function isStem(name: string): boolean {
  return /^(conv1|bn1)\./.test(name);
}

/** What to do about a file whose stem is not that of the network with these settings. */
export function stemAdvice(inFile: Stem | 'other', settings: 'network' | 'network.second'): string {
  if (inFile !== 'other') return `the file has ${DESCRIPTIONS[inFile]}: set ${settings}.stem to ${inFile}`;
  const all = Object.entries(DESCRIPTIONS).map(([stem, description]) => `${stem} (${description})`);
  return `the file has a stem that ${settings}.stem does not offer: ${all.join(', ')}`;
}
