import { fromPytorch, pytorchShape, type ShapedValues } from '../filter-layout.js';
import type { TensorFileRead } from '../safetensors.js';

/** How the tensors of a file match those of a backbone. Names are torchvision's, such as layer1.0.conv1.weight. */
export interface BackboneMatch {
  /** The matched tensors, in the network's layout, HWIO. */
  tensors: Map<string, ShapedValues>;
  /** Tensors of the network that the file does not provide. */
  missing: string[];
  /** Tensors of the file that the network does not use. */
  leftOver: string[];
}

const FIRST_FILTER = 'conv1.0.weight';
/** The stem of torchvision's networks: one 7x7 convolution, instead of our three 3x3 ones. */
const PLAIN_STEM_FILTER = 'conv1.weight';
/** The filters that read the stem's output, which has half as many channels in a plain stem. */
const READ_THE_STEM = ['layer1.0.conv1.weight', 'layer1.0.downsample.0.weight'];

/** Nobody reads a message that names all three hundred tensors. */
const MOST_NAMED = 10;

/**
 * Finds the tensors of a backbone in a file with torchvision's or timm's names. If the file has a plain 7x7 stem, the
 * stem and the filters that read its output are skipped. Everything else must fit.
 * @param source The file's path or URL, for messages.
 * @param wanted The backbone's tensors: name → shape in the network's layout, HWIO.
 * @throws Error that names the problems, when the file has a different backbone or tensors of the wrong shape or type.
 */
export function matchBackbone(
  source: string,
  file: TensorFileRead,
  wanted: ReadonlyMap<string, readonly number[]>,
): BackboneMatch {
  const names = [...Object.keys(file.tensors), ...Object.keys(file.others)];
  refuseOtherBackbone(source, names, [...wanted.keys()]);
  const plainStem = PLAIN_STEM_FILTER in file.tensors;
  const tensors: BackboneMatch['tensors'] = new Map();
  const leftOver: string[] = [];
  const wrong: string[] = [];
  for (const name of names) {
    const shape = wanted.get(name);
    if (!shape || (plainStem && isStem(name))) {
      leftOver.push(name);
      continue;
    }
    const saved = file.tensors[name];
    if (!saved) {
      wrong.push(`${name} is ${file.others[name]}, not F32, F16 or BF16`);
      continue;
    }
    const tensor = withInputs(name, fromPytorch(saved), shape);
    if (String(tensor.shape) === String(shape)) tensors.set(name, tensor);
    else if (plainStem && READ_THE_STEM.includes(name) && differInInputsAlone(tensor.shape, shape)) leftOver.push(name);
    else wrong.push(`${name} has shape [${saved.shape}], but the network needs [${pytorchShape(shape)}]`);
  }
  if (wrong.length > MOST_NAMED) wrong.splice(MOST_NAMED, wrong.length, `and ${wrong.length - MOST_NAMED} more`);
  if (wrong.length > 0) throw new Error(`the pretrained weights ${source} do not fit the network: ${wrong.join('; ')}`);
  return { tensors, missing: [...wanted.keys()].filter((name) => !tensors.has(name)), leftOver };
}

function isStem(name: string): boolean {
  return /^(conv1|bn1)\./.test(name);
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
  if (name !== FIRST_FILTER || inputs !== 3 || (channels !== 1 && channels !== 4)) return filter;
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
