/**
 * The confusion matrices of many images, without their zeros, as bytes. For each image: how many cells are not 0; then for each
 * of them, in ascending order, how many cells after the one before it comes (the first cell of a matrix is 1 after none), and its
 * pixels. All are unsigned LEB128 numbers: 7 bits a byte, the lowest first, and the highest bit says that another byte follows.
 */

const CONTINUES = 0x80;
const LOW_BITS = 0x7f;
/** 2^53 - 1 has eight groups of 7 bits. */
const MOST_BYTES_OF_NUMBER = 8;

/** The cells that are not 0, of all images after each other. */
export interface SparseCounts {
  /** Image i has the cells from `starts[i]` to before `starts[i + 1]`. */
  starts: Uint32Array;
  /** Row by row: truth * classes + prediction. Ascending within an image. */
  cells: Uint32Array;
  pixels: Float64Array;
}

/** Writes the counts of one image after another. */
export class SparseCountsWriter {
  private bytes = new Uint8Array(1024);
  private length = 0;

  /** Appends an image. @param counts whole numbers of at least 0, for each cell of its confusion matrix */
  add(counts: ArrayLike<number>): void {
    let present = 0;
    for (let cell = 0; cell < counts.length; cell++) if (counts[cell]! > 0) present++;
    this.reserve((2 * present + 1) * MOST_BYTES_OF_NUMBER);
    this.write(present);
    for (let cell = 0, before = -1; present > 0; cell++) {
      if (counts[cell]! === 0) continue;
      this.write(cell - before);
      this.write(counts[cell]!);
      before = cell;
      present--;
    }
  }

  /** The bytes of all images so far. */
  toBytes(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.bytes.length) return;
    const larger = new Uint8Array(2 * (this.length + bytes));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }

  private write(number: number): void {
    let rest = number;
    for (; rest > LOW_BITS; rest = Math.floor(rest / CONTINUES))
      this.bytes[this.length++] = (rest % CONTINUES) | CONTINUES;
    this.bytes[this.length++] = rest;
  }
}

/** Reads the counts of images with this number of classes. @throws Error that says what is wrong with the bytes, and where */
export function readSparseCounts(bytes: Uint8Array, images: number, classes: number): SparseCounts {
  // A cell takes at least two bytes.
  const most = bytes.length >>> 1;
  const starts = new Uint32Array(images + 1);
  const cells = new Uint32Array(most);
  const pixels = new Float64Array(most);
  let at = 0;
  let count = 0;
  let image = 0;
  const next = (): number => {
    const first = bytes[at++]!;
    // Most numbers have one byte.
    if (first < CONTINUES) return first;
    let number = first & LOW_BITS;
    for (let group = 1, unit = CONTINUES; group < MOST_BYTES_OF_NUMBER; group++, unit *= CONTINUES) {
      const byte = bytes[at++];
      if (byte === undefined) break;
      number += (byte & LOW_BITS) * unit;
      if (byte < CONTINUES && number <= Number.MAX_SAFE_INTEGER) return number;
    }
    if (at > bytes.length) throw new Error(`the bytes end in image ${image} of ${images}`);
    throw new Error(`image ${image} has a number above 2^53 - 1`);
  };
  for (; image < images; image++) {
    let cell = -1;
    for (let left = next(); left > 0; left--) {
      const gap = next();
      cell += gap;
      if (gap === 0) throw new Error(`image ${image} has the cell ${cell} twice`);
      if (cell >= classes ** 2)
        throw new Error(`image ${image} has the cell ${cell}, but ${classes} classes have ${classes ** 2}`);
      const counted = next();
      if (counted === 0) throw new Error(`image ${image} has 0 pixels in the cell ${cell}; leave such cells out`);
      cells[count] = cell;
      pixels[count] = counted;
      count++;
    }
    starts[image + 1] = count;
  }
  if (at < bytes.length) throw new Error(`${bytes.length - at} bytes follow the last of ${images} images`);
  return { starts, cells: cells.subarray(0, count), pixels: pixels.subarray(0, count) };
}
