/**
 * Student's t distribution. Written here because the libraries that have it bring much else or are no longer maintained; the spec
 * holds it to SciPy's numbers.
 */

/** Lanczos' coefficients for g = 7 and nine terms (Godfrey, 2001). */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** The natural logarithm of the gamma function, for x ≥ 0.5. */
function logGamma(x: number): number {
  const shifted = x - 1;
  const t = shifted + 7.5;
  const series = LANCZOS.slice(1).reduce((sum, coefficient, i) => sum + coefficient / (shifted + i + 1), LANCZOS[0]!);
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(series);
}

const MOST_TERMS = 10_000;
const TINY = 1e-300;

/** The continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz' method. Converges fast for x < (a + 1) / (a + b + 2). */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return fraction;
}

const nonZero = (value: number): number => (Math.abs(value) < TINY ? TINY : value);

/**
 * The regularised incomplete beta function I_x(a, b), for a and b ≥ 0.5.
 * @param y 1 − x, which is more exact than the difference where x is close to 1
 */
function incompleteBeta(x: number, y: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  const factor = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(y));
  return x < (a + 1) / (a + b + 2) ? (factor * betaFraction(x, a, b)) / a : 1 - (factor * betaFraction(y, b, a)) / b;
}

/**
 * The probability that |T| ≥ |t|: the two-sided p value of a t statistic.
 * @param degrees of freedom, at least 1; need not be an integer
 */
export function twoSidedP(t: number, degrees: number): number {
  const square = t * t;
  if (!Number.isFinite(square)) return 0;
  return incompleteBeta(degrees / (degrees + square), square / (degrees + square), degrees / 2, 0.5);
}

/** The probability that T ≤ t. */
export function studentCdf(t: number, degrees: number): number {
  const tail = twoSidedP(t, degrees) / 2;
  return t > 0 ? 1 - tail : tail;
}

/**
 * The t for which |T| ≤ t has this probability: with 0.95, half the width of a 95 % interval in standard errors.
 * @param probability in (0, 1)
 */
export function twoSidedQuantile(probability: number, degrees: number): number {
  let [low, high] = [0, 1];
  while (twoSidedP(high, degrees) > 1 - probability) [low, high] = [high, high * 2];
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (twoSidedP(middle, degrees) > 1 - probability) low = middle;
    else high = middle;
  }
}
