// Elementwise kernels.
#pragma once

#include "runtime.h"
#include "simd.h"

namespace {

/** Number of values that one thread takes at once. */
constexpr int VALUES_AT_ONCE = 1 << 16;

/** Runs piece(from, to) over [0, count), in parallel. */
template <typename Piece>
INLINE void everyPiece(int count, Piece& piece) {
  auto body = [&](int task) { piece(task * VALUES_AT_ONCE, least(count, (task + 1) * VALUES_AT_ONCE)); };
  inParallel(parts(count, VALUES_AT_ONCE), body);
}

/** Copies `rows` rows of `width` values. Source and destination may have gaps between their rows. */
void copyRows(const float* from, int fromStep, float* to, int toStep, int rows, int width) {
  for (int r = 0; r < rows; r++) {
    memcpy(to + static_cast<size_t>(r) * toStep, from + static_cast<size_t>(r) * fromStep, width * sizeof(float));
  }
}

/** Adds `rows` rows of `width` values to those at `to`. Source and destination may have gaps between their rows. */
void addRows(const float* from, int fromStep, float* to, int toStep, int rows, int width) {
  for (int r = 0; r < rows; r++, from += fromStep, to += toStep) {
    for (int i = 0; i < width; i++) to[i] += from[i];
  }
}

/** out = max(a + b, 0); NaN stays NaN, so that a broken network is noticed. */
void addRelu(const float* a, const float* b, float* out, int count) {
  auto piece = [&](int from, int to) {
    for (int i = from; i < to; i++) out[i] = a[i] + b[i] < 0 ? 0 : a[i] + b[i];
  };
  everyPiece(count, piece);
}

/** out = dy where y > 0, else 0. */
void maskPositive(const float* dy, const float* y, float* out, int count) {
  auto piece = [&](int from, int to) {
    for (int i = from; i < to; i++) out[i] = y[i] > 0 ? dy[i] : 0;
  };
  everyPiece(count, piece);
}

/** velocityOut = momentum velocity + gradient + decay variable; variableOut = variable - rate velocityOut. */
void sgd(const float* variable, const float* gradient, const float* velocity, float* variableOut, float* velocityOut,
         int count, float rate, float momentum, float decay) {
  auto piece = [&](int from, int to) {
    for (int i = from; i < to; i++) {
      const float v = velocity[i] * momentum + (gradient[i] + variable[i] * decay);
      velocityOut[i] = v;
      variableOut[i] = variable[i] - v * rate;
    }
  };
  everyPiece(count, piece);
}

}  // namespace
