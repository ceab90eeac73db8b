import { createCipheriv, createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { writePng } from '../../runner/data/images/png-chunks.js';
import type {
  ClassCountsRecord,
  EvaluationRecord,
  ImageCounts,
  Network,
  SampleKind,
  SampleRecord,
  Subset,
} from '../../runner/tracking/tracker.js';
import type { RunConfig } from '../../schema/run-config.js';
import { SparseCountsWriter } from '../../schema/sparse-counts.js';

/**
 * What a run reports, as a function of the run and the step. The training process reports it, and the rules compare the
 * database with it. The seed of a run's configuration identifies the run.
 */
export type Schedule = RunConfig['training'];

/** What the environment variable CHAOS_SCRIPT holds, as JSON. */
export interface ScriptSettings {
  /** How long a step takes. */
  stepMs: number;
  /** The size of a checkpoint. */
  checkpointBytes: number;
}

/** The number of classes of the built-in dataset. */
const CLASSES = 7;
/** The color of each class in label maps. */
const PALETTE = Buffer.from(Array.from({ length: 3 * CLASSES }, (_, index) => index * 12));
const PALETTE_COLOR_TYPE = 3;
const SAMPLE_SIDE = 24;
const MAX_PIXELS = 10_000;
export const LABELLED_IMAGES = 64;
/** Between two evaluations. */
const CROPS = 40;
const NETWORKS: readonly Network[] = ['BRANCH1', 'BRANCH2', 'ENSEMBLE'];
/** Some losses are NaN or infinite, as in training that diverges. */
const NAN_EVERY = 17;
const INFINITY_EVERY = 23;

export const IMAGE_ID = 'scene-1';
export const SERIES = ['loss', 'share/branch1'] as const;

/** Whether something that happens every `every` steps happens at this step. */
export const isDue = (step: number, every: number): boolean => step > 0 && step % every === 0;

/** The last step at which the script writes a checkpoint, unless it is stopped at a later one. 0 if there is none. */
export const lastCheckpoint = ({ iterations, checkpointEvery }: Schedule): number =>
  iterations - (iterations % checkpointEvery);

export function pointsAt(seed: number, step: number): Record<string, number> {
  const [loss, share] = SERIES;
  return { [loss]: special(step) ?? bits(seed, step, loss) / 2 ** 32, [share]: bits(seed, step, share) / 2 ** 31 };
}

function special(step: number): number | null {
  if (step % NAN_EVERY === 0) return Number.NaN;
  return step % INFINITY_EVERY === 0 ? Number.POSITIVE_INFINITY : null;
}

/** On VAL every `evaluateEvery` steps, and on VAL and TEST after the last step. */
export function evaluationsAt(seed: number, step: number, { iterations, evaluateEvery }: Schedule): EvaluationRecord[] {
  const subsets: Subset[] = step === iterations ? ['VAL', 'TEST'] : isDue(step, evaluateEvery) ? ['VAL'] : [];
  return subsets.flatMap((subset) =>
    NETWORKS.map((network) => {
      const confusion = confusionOf(seed, step, network, subset);
      const confidences = confidencesOf(seed, step, network, subset);
      return { step, network, subset, confusion, images: imagesOf(confusion), confidences };
    }),
  );
}

/** One class has no pixels, so no confidence. */
function confidencesOf(seed: number, step: number, ...of: string[]): (number | null)[] {
  return byClass((index) => (index === 0 ? null : bits(seed, step, ...of, 'confidence', String(index)) / 2 ** 32));
}

/** With each evaluation on VAL. What the split's labels hold is the same at every step. */
export function classCountsAt(seed: number, step: number, schedule: Schedule): ClassCountsRecord[] {
  if (step !== schedule.iterations && !isDue(step, schedule.evaluateEvery)) return [];
  return [
    {
      step,
      labelledPixels: byClass((index) => bits(seed, 0, 'pixels', String(index))),
      labelledImages: byClass((index) => bits(seed, 0, 'images', String(index)) % LABELLED_IMAGES),
      crops: CROPS,
      cropsWithClass: byClass((index) => bits(seed, step, 'crops', String(index)) % CROPS),
    },
  ];
}

const byClass = <T>(value: (index: number) => T): T[] => Array.from({ length: CLASSES }, (_, index) => value(index));

function confusionOf(seed: number, step: number, ...of: string[]): number[] {
  return Array.from({ length: CLASSES ** 2 }, (_, cell) => bits(seed, step, ...of, String(cell)) % MAX_PIXELS);
}

/** As if the subset had one image. */
function imagesOf(confusion: number[]): ImageCounts {
  const writer = new SparseCountsWriter();
  writer.add(confusion);
  return { ids: [IMAGE_ID], counts: writer.toBytes() };
}

/** The input and the ground truth, which are the same at every step, and the predictions of a step. */
export function samplesAt(seed: number, step: number): SampleRecord[] {
  const kinds: SampleKind[] = ['INPUT', 'GROUND_TRUTH', 'BRANCH1', 'ENSEMBLE'];
  const image = { step, imageId: IMAGE_ID, width: SAMPLE_SIDE, height: SAMPLE_SIDE };
  return kinds.map((kind) => ({ ...image, kind, png: pngOf(seed, step, kind) }));
}

/** A palette PNG. Not runner/data/images/png.ts: it loads an image library, which every training process would wait for. */
function pngOf(seed: number, step: number, kind: SampleKind): Uint8Array {
  const depicted = kind === 'INPUT' || kind === 'GROUND_TRUTH' ? 0 : step;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SAMPLE_SIDE, 0);
  header.writeUInt32BE(SAMPLE_SIDE, 4);
  header[8] = 8;
  header[9] = PALETTE_COLOR_TYPE;
  // Each row begins with its filter, 0.
  const rows = stream([seed, depicted, kind], SAMPLE_SIDE * (SAMPLE_SIDE + 1)).map((byte, index) =>
    index % (SAMPLE_SIDE + 1) === 0 ? 0 : byte % CLASSES,
  );
  return writePng([
    { type: 'IHDR', data: header },
    { type: 'PLTE', data: PALETTE },
    { type: 'IDAT', data: deflateSync(rows) },
    { type: 'IEND', data: Buffer.alloc(0) },
  ]);
}

export const logLine = (seed: number, step: number): string => `step ${step} of the run with seed ${seed}`;

const STEP_BYTES = 4;

/** A checkpoint: its step, then bytes that follow from the run and the step. */
export function checkpointOf(seed: number, step: number, bytes: number): Buffer {
  const content = stream([seed, step, 'checkpoint'], bytes);
  content.writeUInt32LE(step, 0);
  return content;
}

/** The step of a checkpoint. @throws Error unless each of its bytes is right */
export function readCheckpoint(content: Buffer, seed: number): number {
  if (content.length < STEP_BYTES) throw new Error(`the checkpoint has only ${content.length} bytes`);
  const step = content.readUInt32LE(0);
  if (!content.equals(checkpointOf(seed, step, content.length))) {
    throw new Error(`the checkpoint of step ${step} is not the one that the run with seed ${seed} has written`);
  }
  return step;
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Bytes that look random and follow from `of`. */
function stream(of: readonly (string | number)[], length: number): Buffer {
  const key = createHash('sha256').update(JSON.stringify(of)).digest();
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  return cipher.update(Buffer.alloc(length));
}

/** 32 bits that follow from the run, the step and a purpose. */
function bits(seed: number, step: number, ...purpose: string[]): number {
  return createHash('md5')
    .update(`${seed} ${step} ${purpose.join(' ')}`)
    .digest()
    .readUInt32LE(0);
}
