import { describe, expect, it } from 'vitest';
import { fromPytorch, pytorchShape, type ShapedValues } from '../filter-layout.js';
import shapes from '../fixtures/deeplabv3plus.shapes.json' with { type: 'json' };
import type { TensorFileRead } from '../safetensors.js';
import { describeMatch } from './describe.js';
import { matchBackbone } from './match.js';

type Backbone = keyof typeof shapes;

/** The backbone's tensors: name → shape in the network's layout. */
function wantedBy(backbone: Backbone, inputChannels = 3): Map<string, number[]> {
  const entries = Object.entries<number[]>(shapes[backbone])
    .filter(([name]) => name.startsWith('backbone.'))
    .map(([name, shape]): [string, number[]] => [name.slice('backbone.'.length), shape]);
  const wanted = new Map(entries);
  const [height, width, , outputs] = wanted.get('conv1.0.weight')!;
  return wanted.set('conv1.0.weight', [height!, width!, inputChannels, outputs!]);
}

function tensor(shape: number[], start: number): ShapedValues & { shape: number[] } {
  const size = shape.reduce((product, side) => product * side, 1);
  return { shape, values: Float32Array.from({ length: size }, (_, i) => start + i / size) };
}

/** A file as timm writes it for this network: every tensor, the classifier and the batch norm counters. */
function deepStemFile(backbone: Backbone): TensorFileRead {
  const names = [...wantedBy(backbone)];
  const tensors = Object.fromEntries(names.map(([name, shape], i) => [name, tensor(pytorchShape(shape), i)]));
  const counters = names.filter(([name]) => name.endsWith('.running_var')).map(([name]) => name);
  return {
    tensors: { ...tensors, 'fc.weight': tensor([10, 4], 0), 'fc.bias': tensor([10], 0) },
    metadata: {},
    others: Object.fromEntries(counters.map((name) => [name.replace('running_var', 'num_batches_tracked'), 'I64'])),
  };
}

/**
 * A file as torchvision writes it: a 7x7 stem with half the channels, and no shortcut convolution where the channels do
 * not change.
 */
function plainStemFile(backbone: Backbone): TensorFileRead {
  const file = deepStemFile(backbone);
  const [outputs, inputs] = file.tensors['conv1.0.weight']!.shape as [number, number];
  for (const name of Object.keys(file.tensors)) if (/^conv1\./.test(name)) delete file.tensors[name];
  for (const name of Object.keys(file.others)) if (/^conv1\./.test(name)) delete file.others[name];
  file.tensors['conv1.weight'] = tensor([outputs, inputs, 7, 7], 0);
  for (const name of ['weight', 'bias', 'running_mean', 'running_var']) {
    file.tensors[`bn1.${name}`] = tensor([outputs], 0);
  }
  const reading = backbone === 'resnet18' ? ['layer1.0.conv1'] : ['layer1.0.conv1', 'layer1.0.downsample.0'];
  for (const name of reading) {
    const [o, , height, width] = file.tensors[`${name}.weight`]!.shape as [number, number, number, number];
    file.tensors[`${name}.weight`] = tensor([o, outputs, height, width], 0);
  }
  if (backbone === 'resnet18') {
    for (const name of Object.keys(file.tensors)) if (name.startsWith('layer1.0.downsample')) delete file.tensors[name];
  }
  return file;
}

describe.each(['resnet18', 'resnet50'] as const)('weights for a %s', (backbone) => {
  it('with a deep stem are loaded completely, in the layout of the network', () => {
    const file = deepStemFile(backbone);
    const wanted = wantedBy(backbone);
    const match = matchBackbone('file', file, wanted);
    expect([...match.tensors.keys()].sort()).toEqual([...wanted.keys()].sort());
    expect(match.missing).toEqual([]);
    expect(match.tensors.get('layer2.0.conv1.weight')).toEqual(fromPytorch(file.tensors['layer2.0.conv1.weight']!));
    const counters = Object.keys(file.others).length;
    expect(describeMatch(match)).toBe(
      `${wanted.size} of ${wanted.size} tensors of the backbone loaded; ` +
        `not used from the file: fc (weight, bias), ${counters} batch norm counters`,
    );
  });

  it('with a plain 7x7 stem are loaded without the stem and its readers, and every tensor is accounted for', () => {
    const file = plainStemFile(backbone);
    const wanted = wantedBy(backbone);
    const { tensors, missing, leftOver } = matchBackbone('file', file, wanted);
    const stem = [...wanted.keys()].filter((name) => /^(conv1|bn1)\./.test(name));
    const shortcut = [...wanted.keys()].filter((name) => name.startsWith('layer1.0.downsample'));
    const lost = backbone === 'resnet18' ? shortcut : ['layer1.0.downsample.0.weight'];
    expect(missing.sort()).toEqual([...stem, 'layer1.0.conv1.weight', ...lost].sort());
    const named = Object.keys(file.tensors).length + Object.keys(file.others).length;
    expect(tensors.size + leftOver.length).toBe(named);
    expect(tensors.size + missing.length).toBe(wanted.size);
    expect(leftOver).toEqual(expect.arrayContaining(['conv1.weight', 'bn1.running_mean', 'fc.bias']));
    expect(describeMatch({ tensors, missing, leftOver })).toContain('bn1 (weight, bias, running_mean, running_var)');
  });
});

describe('weights that do not fit', () => {
  it('are refused by name with both shapes', () => {
    const file = deepStemFile('resnet18');
    file.tensors['conv1.3.weight'] = tensor([4, 4, 3, 3], 0);
    file.tensors['layer3.1.bn2.weight'] = tensor([5], 0);
    const match = () => matchBackbone('/data/a.safetensors', file, wantedBy('resnet18'));
    expect(match).toThrow('/data/a.safetensors do not fit');
    expect(match).toThrow('conv1.3.weight has shape [4,4,3,3], but the network needs [8,8,3,3]');
    expect(match).toThrow('layer3.1.bn2.weight has shape [5], but the network needs [32]');
  });

  it('of another width are refused with ten names and the number of further ones', () => {
    const wanted = new Map([...wantedBy('resnet50')].map(([name, shape]) => [name, shape.map((side) => 2 * side)]));
    const match = () => matchBackbone('file', deepStemFile('resnet50'), wanted);
    expect(match).toThrow(`and ${wanted.size - 10} more`);
  });

  it('are refused when a plain stem does not explain the difference', () => {
    const file = plainStemFile('resnet50');
    file.tensors['layer1.0.conv1.weight'] = tensor([3, 4, 1, 1], 0);
    expect(() => matchBackbone('file', file, wantedBy('resnet50'))).toThrow(
      'layer1.0.conv1.weight has shape [3,4,1,1]',
    );
  });

  it('are refused when they belong to a deeper network or to no ResNet', () => {
    const file = deepStemFile('resnet50');
    expect(() => matchBackbone('file', file, wantedBy('resnet18'))).toThrow(
      "its layers have 3-4-6-3 blocks, but the network's layers have 2-2-2-2",
    );
    const strange = { tensors: { 'vit.embed': tensor([1], 0) }, metadata: {}, others: {} };
    expect(() => matchBackbone('file', strange, wantedBy('resnet18'))).toThrow('the first one is "vit.embed"');
  });

  it('are refused when a weight does not have a floating-point type', () => {
    const file = deepStemFile('resnet18');
    delete file.tensors['layer1.0.bn1.bias'];
    file.others['layer1.0.bn1.bias'] = 'I8';
    expect(() => matchBackbone('file', file, wantedBy('resnet18'))).toThrow('layer1.0.bn1.bias is I8');
  });
});

describe('the first convolution', () => {
  const file = deepStemFile('resnet18');
  const rgb = fromPytorch(file.tensors['conv1.0.weight']!);
  const at = ({ shape, values }: ShapedValues, tap: number, input: number, output: number) =>
    values[(tap * shape[2]! + input) * shape[3]! + output]!;
  const adapted = (channels: number) =>
    matchBackbone('file', file, wantedBy('resnet18', channels)).tensors.get('conv1.0.weight')!;

  it('sums the three channels for an image with one channel', () => {
    const grey = adapted(1);
    expect(grey.shape).toEqual([3, 3, 1, 8]);
    for (const [tap, output] of [
      [0, 0],
      [4, 7],
      [8, 3],
    ] as const) {
      const sum = [0, 1, 2].reduce((total, input) => total + at(rgb, tap, input, output), 0);
      expect(at(grey, tap, 0, output)).toBeCloseTo(sum, 6);
    }
  });

  it('gives a fourth channel the mean of the first three, which do not change', () => {
    const four = adapted(4);
    expect(four.shape).toEqual([3, 3, 4, 8]);
    for (const [tap, output] of [
      [0, 0],
      [4, 7],
      [8, 3],
    ] as const) {
      const each = [0, 1, 2].map((input) => at(rgb, tap, input, output));
      expect([0, 1, 2].map((input) => at(four, tap, input, output))).toEqual(each);
      expect(at(four, tap, 3, output)).toBeCloseTo((each[0]! + each[1]! + each[2]!) / 3, 6);
    }
  });

  it('is refused for any other number of channels', () => {
    expect(() => adapted(2)).toThrow('conv1.0.weight has shape [8,3,3,3], but the network needs [8,2,3,3]');
  });
});
