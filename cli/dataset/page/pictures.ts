import sharp from 'sharp';
import type { ClassInfo, LabelledImage } from '../../../runner/data/dataset.js';
import type { FilesDatasetOptions } from '../../../runner/data/formats/files/files-options.js';
import { type DecodedFiles, decodeFitting, readFiles } from '../../../runner/data/formats/files/read-files.js';
import { decodeImage } from '../../../runner/data/images/decode-image.js';
import { decodeLabel } from '../../../runner/data/images/decode-label.js';
import { pictureOf } from '../../../runner/data/images/picture.js';
import type { InspectedImage } from '../../../runner/data/inspect/inspection.js';
import { drawBox, highlight, type Raster, sampled } from './raster.js';

/** The longer side of a picture. */
const SIDE = 168;

/** Draws the pictures of a page, as data URLs. */
export class Pictures {
  constructor(private readonly options: FilesDatasetOptions) {}

  /** The image as it is read: as stored, unless its label fits only the turned picture. */
  async plain(image: InspectedImage): Promise<string> {
    return jpeg(await shrunk(await this.decode(image)));
  }

  /** The image, with the pixels of one class in colour and the others faded. */
  async ofClass(image: InspectedImage, index: number): Promise<string> {
    const decoded = await this.decode(image);
    const picture = await shrunk(decoded);
    highlight(picture, decoded, index, this.options.classes[index]!.color);
    return jpeg(picture);
  }

  /** The label as it is read, in the colours of the classes. */
  async label(image: InspectedImage): Promise<string> {
    const decoded = await this.decode(image);
    const { classes } = this.options;
    return png(sampled(decoded, SIDE, (at) => colourOf(classes, decoded.labels[at]!)));
  }

  /** The label in the colours of its own palette. */
  async palette(image: InspectedImage): Promise<string> {
    const label = await decodeLabel((await readFiles(image.files)).label!);
    if (label.kind === 'colours' || !label.palette) throw new TypeError(`${image.files.label} has no palette`);
    const { palette, labels } = label;
    return png(sampled(label, SIDE, (at) => palette.subarray(labels[at]! * 3, labels[at]! * 3 + 3)));
  }

  /** The image with a frame around some places. */
  async framed(
    image: InspectedImage,
    placesIn: (decoded: DecodedFiles) => Parameters<typeof drawBox>[2][],
  ): Promise<string> {
    const decoded = await this.decode(image);
    const picture = await shrunk(decoded);
    for (const place of placesIn(decoded)) drawBox(picture, picture.width / decoded.width, place);
    return jpeg(picture);
  }

  /** The image as stored, or turned as its orientation tag says. */
  async oriented({ files }: InspectedImage, upright: boolean): Promise<string> {
    const channels = files.thermal === null ? this.options.channels : 3;
    return jpeg(await shrunk({ ...(await decodeImage((await readFiles(files)).image, channels, upright)), channels }));
  }

  private async decode({ files }: InspectedImage): Promise<DecodedFiles> {
    const { channels, ignoreIndex } = this.options;
    return decodeFitting(files, await readFiles(files), { channels, ignoreIndex });
  }
}

const IGNORED = [128, 128, 128] as const;

const colourOf = (classes: readonly ClassInfo[], label: number) => classes[label]?.color ?? IGNORED;

/** A picture of an image, SIDE long. Small images show their pixels. */
async function shrunk(image: Omit<LabelledImage, 'id' | 'labels'>): Promise<Raster> {
  const { width, height, channels, pixels } = image;
  const rgb = channels === 3 && pixels instanceof Uint8Array ? pixels : pictureOf(image);
  const isSmall = Math.max(width, height) < SIDE;
  const { data, info } = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .resize({ width: SIDE, height: SIDE, fit: 'inside', kernel: isSmall ? 'nearest' : 'lanczos3' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: data };
}

async function jpeg({ rgb, width, height }: Raster): Promise<string> {
  const file = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 85 })
    .toBuffer();
  return `data:image/jpeg;base64,${file.toString('base64')}`;
}

async function png({ rgb, width, height }: Raster): Promise<string> {
  const file = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  return `data:image/png;base64,${file.toString('base64')}`;
}
