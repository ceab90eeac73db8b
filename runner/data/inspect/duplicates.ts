import { bits, isUniformHash } from '../images/perceptual-hash.js';
import { type Duplicate, type InspectedImage, type NearDuplicate, nameOf } from './inspection.js';

/** Two images look alike if their hashes differ in at most this many of the 64 bits. */
export const NEAR_BITS = 6;

/** The images whose files have the same bytes. */
export function sameBytes(images: readonly InspectedImage[]): Duplicate[] {
  const byDigest = new Map<string, InspectedImage[]>();
  for (const image of images) {
    if (!image.facts) continue;
    const digest = imageDigest(image);
    byDigest.set(digest, [...(byDigest.get(digest) ?? []), image]);
  }
  return [...byDigest.values()]
    .filter((group) => group.length > 1)
    .map((group) => ({
      images: group.map(nameOf),
      acrossSubsets: new Set(group.map(({ part }) => part)).size > 1,
      labelsDiffer: new Set(group.flatMap(({ facts }) => facts!.labelDigest ?? [])).size > 1,
    }));
}

/** Of the digests of an image's files, the first is that of the image itself, and the last that of its thermal image. */
function imageDigest({ files, facts }: InspectedImage): string {
  const digests = facts!.digest.split(' ');
  return files.thermal === null ? digests[0]! : `${digests[0]} ${digests.at(-1)}`;
}

/**
 * The images of val that look like one of train or without a label, and those of test that look like one of another subset,
 * each with the most similar one. Those with the same bytes are left out, and those of a single colour, which say nothing.
 */
export function nearDuplicates(images: readonly InspectedImage[]): NearDuplicate[] {
  const known = images.filter(({ facts }) => facts !== null);
  const of = (...parts: string[]) => known.filter(({ part }) => parts.includes(part));
  const training = of('TRAIN', 'UNLABELLED');
  return [...nearest(of('VAL'), training), ...nearest(of('TEST'), [...training, ...of('VAL')])];
}

function nearest(images: readonly InspectedImage[], others: readonly InspectedImage[]): NearDuplicate[] {
  const hashOf = ({ facts }: InspectedImage): string => facts!.hash;
  const index = new HashIndex(others.map(hashOf), NEAR_BITS);
  const same = new Set(others.map(imageDigest));
  return images.flatMap((image) => {
    if (same.has(imageDigest(image)) || isUniformHash(hashOf(image))) return [];
    const found = index.nearest(hashOf(image));
    return found ? { image: nameOf(image), of: nameOf(others[found.index]!), distance: found.distance } : [];
  });
}

/**
 * Finds similar hashes without comparing all of them: two hashes that differ in at most `most` bits are equal in one of
 * `most` + 1 pieces.
 */
export class HashIndex {
  private readonly halves: Uint32Array;
  /** By the piece and its digits, the positions of the hashes that have them. */
  private readonly byPiece = new Map<string, number[]>();

  /** @param most less than 16, the digits of a hash */
  constructor(
    hashes: readonly string[],
    private readonly most: number,
  ) {
    this.halves = new Uint32Array(hashes.length * 2);
    for (const [index, hash] of hashes.entries()) {
      this.halves.set(halvesOf(hash), index * 2);
      for (const piece of this.piecesOf(hash)) {
        const known = this.byPiece.get(piece);
        if (known) known.push(index);
        else this.byPiece.set(piece, [index]);
      }
    }
  }

  /** The most similar hash, the first of several; null if all differ in more than `most` bits. */
  nearest(hash: string): { index: number; distance: number } | null {
    const [high, low] = halvesOf(hash);
    let best: { index: number; distance: number } | null = null;
    for (const piece of this.piecesOf(hash)) {
      for (const index of this.byPiece.get(piece) ?? []) {
        const distance = bits(high ^ this.halves[index * 2]!) + bits(low ^ this.halves[index * 2 + 1]!);
        if (distance > this.most) continue;
        if (!best || distance < best.distance || (distance === best.distance && index < best.index))
          best = { index, distance };
      }
    }
    return best;
  }

  private piecesOf(hash: string): string[] {
    const pieces = this.most + 1;
    const from = (piece: number) => Math.floor((piece * hash.length) / pieces);
    return Array.from({ length: pieces }, (_, piece) => `${piece} ${hash.slice(from(piece), from(piece + 1))}`);
  }
}

function halvesOf(hash: string): [high: number, low: number] {
  return [Number.parseInt(hash.slice(0, 8), 16), Number.parseInt(hash.slice(8), 16)];
}
