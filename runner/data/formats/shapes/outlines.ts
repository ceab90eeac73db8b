/** The largest distance of any outline from the origin. */
export const OUTLINE_REACH = 1.3;

/** Whether a point is inside an outline with a radius of about 1 around the origin (x right, y down). */
export type Outline = (x: number, y: number) => boolean;

const ROOT_3 = 1.7320508075688772;

/** Unit normals of the five lines of a pentagram, and their distance from its centre. Its tips reach 1.3. */
const STAR_NORMALS: readonly (readonly [number, number])[] = [
  [0, 1],
  [0.9510565162951535, 0.30901699437494745],
  [0.5877852522924731, -0.8090169943749475],
  [-0.5877852522924731, -0.8090169943749475],
  [-0.9510565162951535, 0.30901699437494745],
];
const STAR_DISTANCE = 0.4017220926874317;

const disc: Outline = (x, y) => x * x + y * y <= 0.9;

const square: Outline = (x, y) => Math.abs(x) <= 0.8 && Math.abs(y) <= 0.8;

/** Equilateral with a corner at the top. Its corners reach 1.25, so that its area is closer to the others'. */
const triangle: Outline = (x, y) => y <= 0.625 && y >= ROOT_3 * Math.abs(x) - 1.25;

const ring: Outline = (x, y) => {
  const squared = x * x + y * y;
  return squared <= 1 && squared >= 0.3;
};

const cross: Outline = (x, y) => {
  const across = Math.abs(x);
  const down = Math.abs(y);
  return Math.max(across, down) <= 1 && Math.min(across, down) <= 0.32;
};

/** A point is inside a pentagram when it is outside at most one of the five lines. */
const star: Outline = (x, y) => {
  let outside = 0;
  for (const [nx, ny] of STAR_NORMALS) if (nx * x + ny * y > STAR_DISTANCE) outside++;
  return outside <= 1;
};

/** A ring with a gap, as wide as its hole. */
const horseshoe: Outline = (x, y) => ring(x, y) && !(y > 0 && Math.abs(x) < 0.5);

const hexagon: Outline = (x, y) => {
  const across = Math.abs(x);
  const down = Math.abs(y);
  return down <= 0.85 && ROOT_3 * across + down <= 1.7;
};

/** Background clutter, which is not a class: a thin bar and a speck. */
export const bar: Outline = (x, y) => Math.abs(x) <= 1 && Math.abs(y) <= 0.13;
export const speck: Outline = (x, y) => Math.abs(x) + Math.abs(y) <= 1;

export { cross, disc, hexagon, horseshoe, ring, square, star, triangle };
