import { compiledFile } from '../../runner/compiled/compiled-file.js';
import { type Ran, runFor } from './run-for.js';
import { type Section, table, verbatim } from './section.js';

/** The part of the JSON line of `bench:train` that the page shows. */
interface TrainLine {
  bench: 'train';
  setting: { backbone: string; width: number; batch: number; crop: [number, number]; classes: number };
  medianMs: Record<string, number>;
  gflopPerStep: number;
  gflopPerSecond: Record<string, number>;
  sharesPercent: Record<string, number>;
  sharesTimedOn: 'gpu' | 'thread';
}

/** Options of `bench:train` for one size, and for the same with fewer images, to try if it fails. */
type Size = readonly (readonly string[])[];

const PAPER = ['--backbone', 'resnet50', '--width', '1', '--crop', '512x512', '--classes', '21'];

/** The size of the figures on processors, and the paper's, with as many images as the GPU's memory holds. */
export const SIZES: readonly Size[] = [
  [['--steps', '20']],
  ['8', '4', '2'].map((batch) => [...PAPER, '--batch', batch, '--steps', '10']),
];

/** For a software GPU, which needs a minute for one step of the above. */
export const SMALL_SIZES: readonly Size[] = [
  [['--steps', '2', '--batch', '2', '--crop', '32x32']],
  ['3', '2'].map((batch) => ['--width', '0.125', '--crop', '48x48', '--batch', batch, '--steps', '2']),
];

/** @returns also the milliseconds of a step of the first size; null if it was not measured */
export async function speedSection(
  seconds: number,
  sizes: readonly Size[],
  engine: readonly string[],
): Promise<Section & { stepMs: number | null }> {
  const end = performance.now() + 1000 * seconds;
  const left = () => (end - performance.now()) / 1000;
  const measured: TrainLine[] = [];
  const notes: string[] = [];
  const leftOut: string[] = [];
  for (const size of sizes) {
    for (const options of size) {
      const words = options.join(' ');
      if (left() < 5) {
        leftOut.push(`\`bench:train -- ${words}\``);
        break;
      }
      const { line, ran } = await train([...engine, ...options], left());
      if (line) {
        measured.push(line);
        break;
      }
      if (ran.outOfTime) leftOut.push(`\`bench:train -- ${words}\`, stopped after ${Math.round(ran.seconds)} s`);
      else notes.push('', `\`bench:train -- ${words}\` failed:`, '', ...verbatim(ran.tail));
      if (ran.outOfTime) break;
    }
  }
  return {
    title: 'Training steps (`bench:train`)',
    lines: [...(measured.length > 0 ? tablesOf(measured) : ['No step was timed.']), ...notes],
    leftOut: leftOut.length > 0 ? leftOut.join('; ') : null,
    failed: measured.length === 0,
    stepMs: measured[0] ? Object.values(measured[0].medianMs)[0]! : null,
  };
}

async function train(options: readonly string[], seconds: number): Promise<{ line: TrainLine | null; ran: Ran }> {
  let line: TrainLine | null = null;
  const ran = await runFor([compiledFile('../train.js', import.meta.url), '--no-torch', ...options], {
    seconds,
    onLine: (text) => {
      if (text.startsWith('{"bench":"train"')) line = JSON.parse(text) as TrainLine;
    },
  });
  return { line, ran };
}

function tablesOf(measured: readonly TrainLine[]): string[] {
  const images = ({ batch, crop }: TrainLine['setting']) => `${batch} + ${batch} of ${crop[1]}x${crop[0]}`;
  const rows = measured.map(({ setting, medianMs, gflopPerStep, gflopPerSecond }) => {
    const ms = Object.values(medianMs)[0]!;
    const perSecond = (1000 * 2 * setting.batch) / ms;
    return [
      `${setting.backbone}, width ${setting.width}, ${setting.classes} classes`,
      images(setting),
      ms.toPrecision(4),
      perSecond.toPrecision(3),
      String(Math.round(gflopPerStep)),
      String(Math.round(Object.values(gflopPerSecond)[0]!)),
    ];
  });
  const kinds = Object.keys(measured[0]!.sharesPercent);
  const shares = measured.map((each) => [
    `${each.setting.backbone}, ${images(each.setting)}`,
    each.sharesTimedOn === 'gpu' ? 'GPU' : 'this thread',
    ...kinds.map((kind) => String(each.sharesPercent[kind])),
  ]);
  return [
    'A twin step of CPS: two networks, forward, exchange, backward, optimiser. Medians.',
    '',
    ...table(['networks', 'images', 'ms', 'images/s', 'GFLOP per step', 'GFLOP/s'], rows),
    '',
    'What a step consists of, in percent of its time:',
    '',
    ...table(['step', 'timed on', ...kinds], shares),
  ];
}
