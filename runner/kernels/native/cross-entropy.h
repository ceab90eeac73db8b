// Softmax cross-entropy from integer labels, with its gradient, and the label of the largest logit. WIDTH pixels are
// transposed so that each class is a vector, so the number of classes need not be a multiple of the vector width.
#pragma once

#include <math.h>

#include "runtime.h"
#include "simd.h"

namespace {

enum { LOSSES_SLOT = 16, TURNED_SLOT };

/** Number of pixels that one thread takes at once. It is fixed, so that the number of threads does not change the sum. */
constexpr int PIXELS_AT_ONCE = 4096;

/** exp of values of at most 0: Cephes' polynomial after reduction to [-ln2/2, ln2/2], within 2 ulp. */
INLINE Vector expNegative(Vector value) {
  // Written so that NaN stays NaN.
  const Vector x = choose(value < -87.0f, splat(-87.0f), value);
  // Rounds to the nearest integer, because float32 has no fractions at this magnitude.
  const Vector magic = splat(12582912.0f);
  const Vector n = (x * 1.44269504088896341f + magic) - magic;
  // ln 2 is split in two parts, so that the reduced value loses no bits.
  const Vector r = x - n * 0.693359375f - n * -2.12194440e-4f;
  Vector p = splat(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r + 1.0f;
  const Integers power = (__builtin_convertvector(n, Integers) + 127) << 23;
  return p * reinterpret_cast<Vector>(power);
}

/**
 * Natural logarithm of values of at least 1: 2 artanh((m - 1) / (m + 1)) of the mantissa m in [sqrt(1/2), sqrt(2)), with a
 * relative error of at most 1e-7.
 */
INLINE Vector logarithm(Vector value) {
  const Integers bits = reinterpret_cast<Integers>(value);
  // Shifts the range of the mantissa to be around 1, so that its logarithm is small.
  const Integers exponent = (bits - 0x3f3504f3) >> 23;
  const Vector m = reinterpret_cast<Vector>(bits - (exponent << 23));
  const Vector t = (m - 1.0f) / (m + 1.0f);
  const Vector q = t * t;
  Vector series = splat(1.0f / 9);
  series = series * q + 1.0f / 7;
  series = series * q + 1.0f / 5;
  series = series * q + 1.0f / 3;
  return __builtin_convertvector(exponent, Vector) * 0.69314718056f + (t * 2.0f + t * 2.0f * q * series);
}

/**
 * What the focal loss does with a pixel whose cross-entropy is `entropy` and whose class has the probability 1 - q: it multiplies
 * the entropy by q^gamma, and the gradient by q^gamma (1 + gamma (1 - q) entropy / q).
 */
struct Focus {
  float loss, gradient;
};

INLINE Focus focusOf(float q, float entropy, float gamma) {
  const float power = powf(q, gamma);
  // As q approaches 0, so does the entropy, and their ratio approaches 1.
  const float ratio = q > 1e-6f ? entropy / q : entropy - entropy + 1;
  return {power, power * (1 + gamma * (1 - q) * ratio)};
}

/**
 * What a pixel counts in a loss: `share` is 1 over the sum of the weights of all pixels, `weights` are by class, null for 1, and
 * `gamma` is that of the focal loss, or 0.
 */
struct Counting {
  float share;
  const float* weights;
  float gamma;
};

/** Of WIDTH pixels: the largest logit, and the sum of exp(logit - top) over the classes. */
struct Exponentials {
  Vector top, total;
};

/** Writes exp(logit - top) of `count` (at most WIDTH) pixels to `turned`, WIDTH values for each class. */
INLINE Exponentials exponentials(const float* logits, int count, int c, float* turned) {
  for (int k = 0; k < c; k++) {
    for (int p = 0; p < WIDTH; p++) turned[k * WIDTH + p] = logits[(p < count ? p : 0) * c + k];
  }
  Vector top = load(turned);
  for (int k = 1; k < c; k++) top = larger(load(turned + k * WIDTH), top);
  Vector total{};
  for (int k = 0; k < c; k++) {
    const Vector e = expNegative(load(turned + k * WIDTH) - top);
    store(turned + k * WIDTH, e);
    total += e;
  }
  return {top, total};
}

/** Computes loss and gradient of `count` (at most WIDTH) pixels, and returns the weighted sum of their losses. */
double crossEntropyOf(const float* logits, const int* labels, float* gradient, int count, int c, int ignore,
                      const Counting& counting, float* turned) {
  const Exponentials powers = exponentials(logits, count, c, turned);
  const Vector top = powers.top, total = powers.total;
  // total - total is 0, or NaN if the total is NaN, which the logarithm would lose because it works on the bits.
  const Vector above = logarithm(total) + (total - total) + top;
  double sum = 0;
  float shares[WIDTH], factors[WIDTH];
  for (int p = 0; p < WIDTH; p++) {
    shares[p] = 0;
    if (p >= count || labels[p] == ignore) continue;
    const int label = labels[p];
    const float entropy = above[p] - logits[p * c + label];
    const float weight = counting.weights ? counting.weights[label] : 1;
    shares[p] = counting.share * weight;
    if (counting.gamma == 0) {
      sum += static_cast<double>(weight) * entropy;
      continue;
    }
    const float q = 1 - turned[label * WIDTH + p] / total[p];
    const Focus focus = focusOf(q < 0 ? 0 : q, entropy, counting.gamma);
    sum += static_cast<double>(weight) * focus.loss * entropy;
    shares[p] *= focus.gradient;
  }
  store(factors, load(shares) / total);
  const Vector factor = load(factors);
  for (int k = 0; k < c; k++) {
    const Vector g = load(turned + k * WIDTH) * factor;
    for (int p = 0; p < count; p++) gradient[p * c + k] = g[p];
  }
  for (int p = 0; p < count; p++) {
    if (labels[p] != ignore) gradient[p * c + labels[p]] -= shares[p];
  }
  return sum;
}

/** The number of labels that are neither a class nor `ignore`, and of those that are not `ignore`. */
struct Labelled {
  int wrong, counted;
};

INLINE Labelled labelled(const int* labels, int pixels, int c, int ignore) {
  Labelled found{0, 0};
  for (int p = 0; p < pixels; p++) {
    const bool counts = labels[p] != ignore;
    found.counted += counts;
    found.wrong += counts && static_cast<unsigned>(labels[p]) >= static_cast<unsigned>(c);
  }
  return found;
}

/**
 * Writes the mean of -log softmax(logits)[label] over the pixels whose label is not `ignore` to loss[0], and its gradient
 * with respect to the logits. If `hasWeights`, a pixel counts as often as weights[label] says, and `weights` is not read
 * otherwise; if `gamma` is not 0, the focal loss takes the place of the cross-entropy. Returns the number of labels that are
 * neither a class nor `ignore`; unless it is 0, the results are invalid.
 */
double crossEntropy(const float* logits, const int* labels, const float* weights, float* gradient, float* loss, int pixels,
                    int c, int ignore, int hasWeights, float gamma) {
  const Labelled found = labelled(labels, pixels, c, ignore);
  if (found.wrong > 0) return found.wrong;
  double counts = found.counted;
  if (hasWeights) {
    counts = 0;
    for (int p = 0; p < pixels; p++) {
      if (labels[p] != ignore) counts += weights[labels[p]];
    }
  }
  const Counting counting{counts > 0 ? static_cast<float>(1.0 / counts) : 0, hasWeights ? weights : nullptr, gamma};
  const int tasks = parts(pixels, PIXELS_AT_ONCE);
  double* sums = reinterpret_cast<double*>(crosscheck::scratch(LOSSES_SLOT, 2 * tasks));
  const size_t room = static_cast<size_t>(c) * WIDTH;
  float* all = crosscheck::scratch(TURNED_SLOT, tasks * room);
  auto body = [&](int task) {
    float* turned = all + task * room;
    const int end = least(pixels, (task + 1) * PIXELS_AT_ONCE);
    double sum = 0;
    for (int p = task * PIXELS_AT_ONCE; p < end; p += WIDTH) {
      const size_t at = static_cast<size_t>(p) * c;
      sum += crossEntropyOf(logits + at, labels + p, gradient + at, least(WIDTH, end - p), c, ignore, counting, turned);
    }
    sums[task] = sum;
  };
  inParallel(tasks, body);
  double sum = 0;
  for (int task = 0; task < tasks; task++) sum += sums[task];
  loss[0] = counts > 0 ? static_cast<float>(sum / counts) : 0;
  return 0;
}

/**
 * Writes the probability of each pixel's label to out, 1 for ignored ones, with the digits that the gradient of the mean
 * cross-entropy gives it: 1 minus half of what its magnitudes add up to, times the number of labels. Returns the number of labels
 * that are neither a class nor `ignore`; unless it is 0, the results are invalid.
 */
double trueClass(const float* logits, const int* labels, float* out, int pixels, int c, int ignore) {
  const Labelled found = labelled(labels, pixels, c, ignore);
  if (found.wrong > 0) return found.wrong;
  const float share = found.counted > 0 ? static_cast<float>(1.0 / found.counted) : 0;
  const float half = static_cast<float>(found.counted) * 0.5f;
  const int tasks = parts(pixels, PIXELS_AT_ONCE);
  const size_t room = static_cast<size_t>(c) * WIDTH;
  float* all = crosscheck::scratch(TURNED_SLOT, tasks * room);
  auto body = [&](int task) {
    float* turned = all + task * room;
    const int start = task * PIXELS_AT_ONCE;
    const int end = least(pixels, start + PIXELS_AT_ONCE);
    for (int p = start; p < end; p += WIDTH) {
      const int count = least(WIDTH, end - p);
      const Vector total = exponentials(logits + static_cast<size_t>(p) * c, count, c, turned).total;
      float shares[WIDTH], sums[WIDTH];
      for (int i = 0; i < WIDTH; i++) shares[i] = i < count && labels[p + i] != ignore ? share : 0;
      const Vector factor = load(shares) / total;
      for (int k = 0; k < c; k++) store(turned + k * WIDTH, load(turned + k * WIDTH) * factor);
      for (int i = 0; i < count; i++) {
        if (labels[p + i] != ignore) turned[labels[p + i] * WIDTH + i] -= share;
      }
      Vector sum{};
      for (int k = 0; k < c; k++) {
        const Vector g = load(turned + k * WIDTH);
        sum += choose(g < 0, -g, g);
      }
      store(sums, sum);
      for (int i = 0; i < count; i++) out[p + i] = sums[i] * half;
    }
    // In a pass of its own: product and difference together would be one instruction, with other digits.
    for (int p = start; p < end; p++) out[p] = 1 - out[p];
  };
  inParallel(tasks, body);
  return 0;
}

/** The index of the largest logit of each pixel, the first one on ties. */
void argmax(const float* logits, int* out, int pixels, int c) {
  auto body = [&](int task) {
    const int end = least(pixels, (task + 1) * PIXELS_AT_ONCE);
    for (int p = task * PIXELS_AT_ONCE; p < end; p++) {
      const float* at = logits + static_cast<size_t>(p) * c;
      int best = 0;
      float top = at[0];
      for (int k = 1; k < c; k++) {
        best = at[k] > top ? k : best;
        top = at[k] > top ? at[k] : top;
      }
      out[p] = best;
    }
  };
  inParallel(parts(pixels, PIXELS_AT_ONCE), body);
}

}  // namespace
