import { fromPytorch, pytorchShape, type ShapedValues } from '../filter-layout.js';
import type { TensorFileRead } from '../safetensors.js';
import { isStem, stemAdvice, stemOf } from './stem-of.js';

/** How the tensors of a file match those of a backbone. Names are torchvision's, such as layer1.0.conv1.weight. */
export interface BackboneMatch {
  /** The matched tensors, in the network's layout, HWIO. */
  tensors: Map<string, ShapedValues>;
  /** Tensors of the network that the file does not provide. */
  missing: string[];
  /** Tensors of the file that the network does not use. */
  leftOver: string[];
  /** Why tensors of the file do not fit, with both shapes, and how all of the file would be loaded. */
  misfits: string[];
}

const FIRST_FILTERS = ['conv1.0.weight', 'conv1.weight'];
/** The filters that read the stem's output, which has half as many channels in a 7x7 stem as in a deep one. */
const READ_THE_STEM = ['layer1.0.conv1.weight', 'layer1.0.downsample.0.weight'];

/** Nobody reads a message that names all three hundred tensors. */
const MOST_NAMED = 10;

/**
 * Finds the tensors of a backbone in a file with torchvision's or timm's names. Everything must fit, with one exception
 * that runs of earlier versions rely on: from a file with a 7x7 stem, a network with a deep stem takes all but the stem and
 * the filters that read its output.
 * @param source The file's path or URL, for messages.
 * @param wanted The backbone's tensors: name → shape in the network's layout, HWIO.
 * @param settings Where the network's settings are in a configuration, for messages.
 * @throws Error that names the problems, when the file has a different backbone or tensors of the wrong shape or type.
 */
export function matchBackbone(
  source: string,
  file: TensorFileRead,
  wanted: ReadonlyMap<string, readonly number[]>,
  settings: 'network' | 'network.second' = 'network',
): BackboneMatch {
  const names = [...Object.keys(file.tensors), ...Object.keys(file.others)];
  refuseOtherBackbone(source, names, [...wanted.keys()]);
  const needed = new Map([...wanted].map(([name, shape]) => [name, pytorchShape(shape)]));
  const [inFile, inNetwork] = [stemOf(shapesIn(file)), stemOf(needed)];
  const otherStem = inFile !== null && inFile !== inNetwork;
  const allButStem = inFile === '7x7' && inNetwork === 'deep';
  const match: BackboneMatch = { tensors: new Map(), missing: [], leftOver: [], misfits: [] };
  const wrong = otherStem && !allButStem ? stemDifferences(shapesIn(file), needed) : [];
  for (const name of names) {
    const shape = wanted.get(name);
    if (!shape || (allButStem && isStem(name))) {
      match.leftOver.push(name);
      continue;
    }
    const saved = file.tensors[name];
    if (!saved) {
      wrong.push(`${name} is ${file.others[name]}, not F32, F16 or BF16`);
      continue;
    }
    const tensor = withInputs(name, fromPytorch(saved), shape);
    if (String(tensor.shape) === String(shape)) {
      match.tensors.set(name, tensor);
      continue;
    }
    const why = `${name} has shape [${saved.shape}], but the network needs [${needed.get(name)}]`;
    const readsStem = READ_THE_STEM.includes(name) && differInInputsAlone(tensor.shape, shape);
    (allButStem && readsStem ? match.misfits : wrong).push(why);
  }
  if (wrong.length > MOST_NAMED) wrong.splice(MOST_NAMED, wrong.length, `and ${wrong.length - MOST_NAMED} more`);
  if (otherStem) (allButStem ? match.misfits : wrong).push(stemAdvice(inFile, settings));
  if (wrong.length > 0) throw new Error(`the pretrained weights ${source} do not fit the network: ${wrong.join('; ')}`);
  match.missing.push(...[...wanted.keys()].filter((name) => !match.tensors.has(name)));
  return match;
}

function shapesIn(file: TensorFileRead): Map<string, readonly number[]> {
  return new Map(Object.entries(file.tensors).map(([name, { shape }]) => [name, shape]));
}

/** The filters of the two stems that the other one does not have. */
function stemDifferences(
  inFile: ReadonlyMap<string, readonly number[]>,
  needed: ReadonlyMap<string, readonly number[]>,
): string[] {
  const without = (some: typeof inFile, others: typeof inFile, why: string) =>
    [...some]
      .filter(([name, { length }]) => isStem(name) && length === 4 && !others.has(name))
      .map(([name, shape]) => `${name} with shape [${shape}] is not in the ${why}`);
  return [...without(inFile, needed, 'network'), ...without(needed, inFile, 'file')];
}

function differInInputsAlone(shape: readonly number[], wanted: readonly number[]): boolean {
  return shape.length === 4 && shape.every((side, axis) => axis === 2 || side === wanted[axis]);
}

/** Some layers of a deeper or shallower network would also fit, and the others would silently stay random. */
function refuseOtherBackbone(source: string, names: string[], wanted: string[]): void {
  const [there, here] = [blockCounts(names), blockCounts(wanted)];
  if (there === here) return;
  const why =
    there === '0-0-0-0'
      ? `none of its ${names.length} tensors has the name of a ResNet tensor in torchvision; the first one is "${names[0] ?? ''}"`
      : `its layers have ${there} blocks, but the network's layers have ${here}`;
  throw new Error(`the pretrained weights ${source} belong to another network: ${why}`);
}

/** Blocks of layer1 to layer4, such as 3-4-6-3. */
function blockCounts(names: string[]): string {
  const blocks = [1, 2, 3, 4].map((layer) => {
    const prefix = new RegExp(`^layer${layer}\\.(\\d+)\\.`);
    return new Set(names.flatMap((name) => prefix.exec(name)?.[1] ?? [])).size;
  });
  return blocks.join('-');
}

/**
 * Adapts the first filter to images that are not RGB. A single channel gets the sum of the three weights, so that a
 * grey image gives the same result as its RGB copy. A fourth channel gets their mean.
 */
function withInputs(name: string, filter: ShapedValues, wanted: readonly number[]): ShapedValues {
  const [height, width, inputs, outputs] = filter.shape as [number, number, number, number];
  const channels = wanted[2]!;
  if (!FIRST_FILTERS.includes(name) || inputs !== 3 || (channels !== 1 && channels !== 4)) return filter;
  const values = new Float32Array(height * width * channels * outputs);
  for (let tap = 0; tap < height * width; tap++) {
    for (let output = 0; output < outputs; output++) {
      const rgb = [0, 1, 2].map((input) => filter.values[(tap * inputs + input) * outputs + output]!);
      const sum = rgb.reduce((total, value) => total + value, 0);
      const given = channels === 1 ? [sum] : [...rgb, sum / 3];
      for (const [input, value] of given.entries()) values[(tap * channels + input) * outputs + output] = value;
    }
  }
  return { shape: [height, width, channels, outputs], values };
}
