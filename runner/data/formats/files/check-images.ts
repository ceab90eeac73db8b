import { availableParallelism } from 'node:os';
import { compiledFile } from '../../../compiled/compiled-file.js';
import { RequestThread } from '../../../threads/request-thread.js';
import type { ClassInfo } from '../../dataset.js';
import { factsOf, type ImageFacts } from './facts.js';
import { FileProblem, type ImageFiles } from './image-files.js';
import type { Decoding } from './read-files.js';

/** How images are checked. The data that a thread starts with. */
export interface CheckStart {
  decoding: Omit<Decoding, 'upright'>;
  classes: readonly ClassInfo[];
}

/** The requests that a thread answers. */
export interface CheckRequests {
  check(images: readonly ImageFiles[]): CheckedImage[];
}

export type CheckedImage = { facts: ImageFacts } | { problem: string };

/** Called now and then with the number of images that have been checked. */
export type CheckProgress = (checked: number, images: number) => void;

/** Starting a thread takes as long as checking this many small images. */
const IMAGES_PER_THREAD = 50;
/** libvips decodes at most four images at a time. The rest of the check takes about as long. */
const MOST_THREADS = 8;
const IMAGES_PER_REQUEST = 16;
/** Of one thread: one image is decoded while the other is looked at. */
const AT_A_TIME = 2;

/** Checks images in as many threads as there are cores. The answers are in the order of the images. */
export async function checkImages(
  images: readonly ImageFiles[],
  how: CheckStart,
  progress: CheckProgress = () => {},
): Promise<CheckedImage[]> {
  const count = Math.min(availableParallelism(), MOST_THREADS, Math.floor(images.length / IMAGES_PER_THREAD));
  if (count < 2) return checkParts(images, [(part) => checkHere(part, how)], progress);
  const script = compiledFile('./check-worker.js', import.meta.url);
  const threads = Array.from(
    { length: count },
    () => new RequestThread<CheckRequests, null>(script, how, { name: 'the check of images' }),
  );
  try {
    await Promise.all(threads.map(({ ready }) => ready));
    const checks = threads.map((thread) => (part: readonly ImageFiles[]) => thread.ask('check', part));
    return await checkParts(images, checks, progress);
  } finally {
    await Promise.all(threads.map((thread) => thread.stop()));
  }
}

/** Hands the images out in parts, to each of `checks` the next when it has finished the last. */
async function checkParts(
  images: readonly ImageFiles[],
  checks: ((part: readonly ImageFiles[]) => Promise<CheckedImage[]>)[],
  progress: CheckProgress,
): Promise<CheckedImage[]> {
  const checked: CheckedImage[] = [];
  let next = 0;
  let done = 0;
  const work = async (check: (typeof checks)[number]): Promise<void> => {
    while (next < images.length) {
      const from = next;
      next += IMAGES_PER_REQUEST;
      const part = await check(images.slice(from, next));
      for (const [index, image] of part.entries()) checked[from + index] = image;
      done += part.length;
      progress(done, images.length);
    }
  };
  await Promise.all(checks.map(work));
  return checked;
}

/** Checks images in this thread. */
export async function checkHere(images: readonly ImageFiles[], how: CheckStart): Promise<CheckedImage[]> {
  const checked: CheckedImage[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < images.length) {
      const index = next++;
      checked[index] = await checkImage(images[index]!, how);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return checked;
}

async function checkImage(files: ImageFiles, { decoding, classes }: CheckStart): Promise<CheckedImage> {
  try {
    return { facts: await factsOf(files, decoding, classes) };
  } catch (error) {
    if (error instanceof FileProblem) return { problem: error.message };
    throw error;
  }
}
