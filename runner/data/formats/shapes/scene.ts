import { type Random, randomStream } from '../../../random/random.js';
import { CLUTTER_STYLE, drawStyle, GROUND_STYLE, type ShapeClass } from './classes.js';
import { bar, OUTLINE_REACH, type Outline, speck } from './outlines.js';
import { bell, between, drawRotation } from './portable.js';
import { drawTexture, type Texture } from './textures.js';

export const SCENE_SIDE = 64;
/** Part of a dataset's identity: another seed would be another dataset. */
const SCENE_SEED = 2021;

const OBJECTS = { fewest: 2, most: 4 };
const CLUTTER = { fewest: 1, most: 3 };
const NOISE_DEVIATION = 5;
/** Offsets of four sample points per pixel. The share inside an outline gives the image soft edges. */
const SUBPIXELS = [-0.25, 0.25];

export interface Scene {
  /** RGB, SCENE_SIDE x SCENE_SIDE x 3. */
  pixels: Uint8Array;
  /** 0 is background, then the classes in order. Every pixel has a class. */
  labels: Uint8Array;
}

/** What the scenes of a dataset show. */
export interface SceneContents {
  /** Names the dataset's random streams. */
  name: string;
  /** In the order of their indices, from 1. */
  classes: readonly ShapeClass[];
  /** Draws the indices (from 0) of a scene's objects, in the order in which they are painted. Each is taken before the next is drawn. */
  chooseClasses(random: Random, objects: number): Iterable<number>;
}

/** Draws the scene of an id: overlapping textured objects on textured clutter, with uneven light and noise. */
export function drawScene(id: string, { name, classes, chooseClasses }: SceneContents): Scene {
  const random = randomStream(SCENE_SEED, name, id);
  const canvas = new Float64Array(SCENE_SIDE * SCENE_SIDE * 3);
  const labels = new Uint8Array(SCENE_SIDE * SCENE_SIDE);
  paintBackground(canvas, drawTexture(random, GROUND_STYLE));

  const clutter = CLUTTER.fewest + random.int(CLUTTER.most - CLUTTER.fewest + 1);
  for (let i = 0; i < clutter; i++) {
    const outline = random.int(2) === 0 ? bar : speck;
    const radius = outline === bar ? between(random, 8, 24) : between(random, 1.5, 3.5);
    paint(canvas, random, outline, radius, drawTexture(random, CLUTTER_STYLE), null);
  }
  const objects = OBJECTS.fewest + random.int(OBJECTS.most - OBJECTS.fewest + 1);
  for (const index of chooseClasses(random, objects)) {
    const shape = classes[index]!;
    const texture = drawTexture(random, drawStyle(random, shape));
    const radius = between(random, ...shape.radius);
    paint(canvas, random, shape.outline, radius, texture, { labels, value: index + 1 });
  }
  return { pixels: develop(canvas, random), labels };
}

function paintBackground(canvas: Float64Array, texture: Texture): void {
  for (let i = 0; i < canvas.length; i++) {
    const pixel = Math.floor(i / 3);
    canvas[i] = texture(pixel % SCENE_SIDE, Math.floor(pixel / SCENE_SIDE), i % 3);
  }
}

/** Paints an outline at a random position. A pixel gets its label if at least half of the pixel is covered. */
function paint(
  canvas: Float64Array,
  random: Random,
  outline: Outline,
  radius: number,
  texture: Texture,
  label: { labels: Uint8Array; value: number } | null,
): void {
  const centreX = between(random, 4, SCENE_SIDE - 4);
  const centreY = between(random, 4, SCENE_SIDE - 4);
  const { cos, sin } = drawRotation(random);
  const inside = (x: number, y: number): boolean => {
    const dx = (x - centreX) / radius;
    const dy = (y - centreY) / radius;
    return outline(cos * dx + sin * dy, cos * dy - sin * dx);
  };
  const reach = Math.ceil(radius * OUTLINE_REACH) + 1;
  for (let y = clamp(centreY - reach); y <= clamp(centreY + reach); y++) {
    for (let x = clamp(centreX - reach); x <= clamp(centreX + reach); x++) {
      let covered = 0;
      for (const dy of SUBPIXELS) for (const dx of SUBPIXELS) if (inside(x + dx, y + dy)) covered += 0.25;
      if (covered === 0) continue;
      const pixel = y * SCENE_SIDE + x;
      for (let c = 0; c < 3; c++) {
        canvas[pixel * 3 + c]! += (texture(x, y, c) - canvas[pixel * 3 + c]!) * covered;
      }
      if (label && covered >= 0.5) label.labels[pixel] = label.value;
    }
  }
}

function clamp(position: number): number {
  return Math.min(Math.max(Math.floor(position), 0), SCENE_SIDE - 1);
}

/** Applies light that falls off across the scene, then camera noise and rounding. */
function develop(canvas: Float64Array, random: Random): Uint8Array {
  const { cos, sin } = drawRotation(random);
  const brightness = between(random, 0.75, 1.1);
  const slope = between(random, 0, 0.7) / SCENE_SIDE;
  const middle = SCENE_SIDE / 2;
  const pixels = new Uint8Array(canvas.length);
  for (let i = 0; i < canvas.length; i++) {
    const pixel = Math.floor(i / 3);
    const x = (pixel % SCENE_SIDE) - middle;
    const y = Math.floor(pixel / SCENE_SIDE) - middle;
    const light = brightness + slope * (cos * x + sin * y);
    const value = canvas[i]! * light + NOISE_DEVIATION * bell(random);
    pixels[i] = Math.min(Math.max(Math.floor(value + 0.5), 0), 255);
  }
  return pixels;
}
