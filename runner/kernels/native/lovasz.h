// The Lovász-Softmax loss (Berman et al., CVPR 2018) of class probabilities, with its gradient.
#pragma once

#include <stdint.h>
#include <string.h>

#include "runtime.h"
#include "simd.h"

namespace {

enum { PRESENT_SLOT = 32, LOVASZ_SUMS_SLOT, KEYS_SLOT };

/** The bits of a float32 in [0, 1] below its sign and the highest bit of its exponent, in three digits. */
constexpr int DIGIT_BITS = 10, DIGITS = 3;

/** Sorts keys by the bits above the lowest 32, in DIGITS stable passes; `other` has room for as many keys. Returns the sorted ones. */
inline uint64_t* sorted(uint64_t* keys, uint64_t* other, int count) {
  for (int digit = 0; digit < DIGITS; digit++) {
    const int shift = 32 + digit * DIGIT_BITS;
    const uint64_t mask = (1 << DIGIT_BITS) - 1;
    int starts[1 << DIGIT_BITS] = {};
    for (int i = 0; i < count; i++) starts[(keys[i] >> shift) & mask]++;
    int start = 0;
    for (int& each : starts) {
      const int held = each;
      each = start;
      start += held;
    }
    for (int i = 0; i < count; i++) other[starts[(keys[i] >> shift) & mask]++] = keys[i];
    uint64_t* const swapped = keys;
    keys = other;
    other = swapped;
  }
  return keys;
}

/** The loss of class k, of which `positives` pixels are labelled. Writes its gradient, times `share`. */
double lovaszOf(const float* probabilities, const int* labels, float* gradient, int pixels, int c, int ignore, int k,
                int positives, float share, uint64_t* keys) {
  int count = 0;
  for (int p = 0; p < pixels; p++) {
    if (labels[p] == ignore) continue;
    const float probability = probabilities[static_cast<size_t>(p) * c + k];
    const float error = labels[p] == k ? 1 - probability : probability;
    // Rounding may make an error negative. NaN stays NaN.
    const float clamped = error < 0 ? 0 : error;
    uint32_t bits;
    memcpy(&bits, &clamped, sizeof(bits));
    // Inverted, so that the largest error comes first.
    keys[count++] = static_cast<uint64_t>(~bits & ((1u << DIGITS * DIGIT_BITS) - 1)) << 32 | static_cast<uint32_t>(p);
  }
  const uint64_t* order = sorted(keys, keys + pixels, count);
  double sum = 0, missing = positives, joined = positives;
  for (int i = 0; i < count; i++) {
    const int p = static_cast<int>(static_cast<uint32_t>(order[i]));
    const size_t at = static_cast<size_t>(p) * c + k;
    const bool positive = labels[p] == k;
    // By how much 1 - IoU grows if this pixel is wrong, too: a difference of two nearly equal numbers, without computing them.
    double step;
    if (positive) {
      missing--;
      step = 1 / joined;
    } else {
      joined++;
      step = missing / (joined * (joined - 1));
    }
    const float error = positive ? 1 - probabilities[at] : probabilities[at];
    sum += step * error;
    gradient[at] = static_cast<float>(positive ? -step : step) * share;
  }
  return sum;
}

/**
 * Writes the Lovász-Softmax of the probabilities, over the classes that are present among the labels that are not `ignore`, to
 * loss[0], and its gradient with respect to the probabilities; 0 if there are none. Returns the number of labels that are
 * neither a class nor `ignore`; unless it is 0, the results are invalid.
 */
double lovasz(const float* probabilities, const int* labels, float* gradient, float* loss, int pixels, int c, int ignore) {
  int* present = reinterpret_cast<int*>(crosscheck::scratch(PRESENT_SLOT, c));
  memset(present, 0, sizeof(int) * c);
  int wrong = 0;
  for (int p = 0; p < pixels; p++) {
    if (labels[p] == ignore) continue;
    if (static_cast<unsigned>(labels[p]) >= static_cast<unsigned>(c)) wrong++;
    else present[labels[p]]++;
  }
  if (wrong > 0) return wrong;
  int classes = 0;
  for (int k = 0; k < c; k++) classes += present[k] > 0;
  memset(gradient, 0, sizeof(float) * pixels * c);
  const float share = classes > 0 ? 1.0f / classes : 0;
  double* sums = reinterpret_cast<double*>(crosscheck::scratch(LOVASZ_SUMS_SLOT, 2 * c));
  // Each lane has its own memory. The loss of a class does not depend on the lane, so neither does the result.
  const int lanes = least(c, crosscheck::threads());
  const size_t room = 2 * static_cast<size_t>(pixels);
  uint64_t* keys = reinterpret_cast<uint64_t*>(crosscheck::scratch(KEYS_SLOT, 2 * room * lanes));
  auto body = [&](int lane) {
    for (int k = lane; k < c; k += lanes) {
      if (present[k] == 0) continue;
      sums[k] = lovaszOf(probabilities, labels, gradient, pixels, c, ignore, k, present[k], share, keys + lane * room);
    }
  };
  inParallel(lanes, body);
  double sum = 0;
  for (int k = 0; k < c; k++) {
    if (present[k] > 0) sum += sums[k];
  }
  loss[0] = classes > 0 ? static_cast<float>(sum / classes) : 0;
  return 0;
}

}  // namespace
