// Batch normalisation of [rows][c] (rows = N H W) fused with max(z, slope z), which is the identity at slope 1, ReLU at 0
// and leaky ReLU in between. The functions are the same as in the AssemblyScript kernels.
#pragma once

#include "runtime.h"
#include "simd.h"

namespace {

/** Number of rows that are summed in float32 before the sums are added up in float64, which keeps long sums exact. */
constexpr int STRETCH = 128;
/** Number of stretches that one thread sums up. It is fixed, so that the number of threads does not change the sum. */
constexpr int STRETCHES_AT_ONCE = 16;
/** Number of rows that one thread normalises at once. */
constexpr int ROWS_AT_ONCE = 2048;

enum { SUMS_SLOT = 8 };

INLINE void addTo(double* sums, Vector values) {
  for (int i = 0; i < WIDTH; i++) sums[i] += values[i];
}

/** Number of stretches that are summed at the same time, because each sum has to wait for its last addition. */
constexpr int TOGETHER = 4;

/** Adds up channels k to k + WIDTH of N stretches of `height` rows, from row `top` on, in the order of the stretches. */
template <int N, typename Term>
INLINE void sumStretches(double* sums, double* products, int top, int height, int c, int k, Term& term) {
  Vector s[N] = {}, q[N] = {};
  const size_t apart = static_cast<size_t>(height) * c;
  size_t at = static_cast<size_t>(top) * c + k;
  for (int r = 0; r < height; r++, at += c) {
#pragma GCC unroll 8
    for (int n = 0; n < N; n++) term(at + n * apart, k, s[n], q[n]);
  }
  for (int n = 0; n < N; n++) {
    addTo(sums + k, s[n]);
    addTo(products + k, q[n]);
  }
}

/**
 * Adds up two values of every row and channel: term(at, channel, first, second) adds the contributions of the elements from
 * index `at` on to two vectors; tail(…) does the same for a single value. Overwrites sums and products, c float64 values each.
 */
template <typename Term, typename Tail>
INLINE void sumOverRows(double* sums, double* products, int rows, int c, Term& term, Tail& tail) {
  const int tasks = parts(rows, STRETCH * STRETCHES_AT_ONCE);
  // The float64 sums of all tasks, one task after the other.
  double* all = reinterpret_cast<double*>(crosscheck::scratch(SUMS_SLOT, static_cast<size_t>(tasks) * c * 4));
  memset(all, 0, static_cast<size_t>(tasks) * c * 2 * sizeof(double));
  auto body = [&](int task) {
    double* first = all + static_cast<size_t>(task) * 2 * c;
    double* second = first + c;
    const int start = task * STRETCH * STRETCHES_AT_ONCE;
    const int stop = least(rows, start + STRETCH * STRETCHES_AT_ONCE);
    int top = start;
    for (; top + TOGETHER * STRETCH <= stop; top += TOGETHER * STRETCH) {
      for (int k = 0; k + WIDTH <= c; k += WIDTH) sumStretches<TOGETHER>(first, second, top, STRETCH, c, k, term);
    }
    for (; top < stop; top += STRETCH) {
      const int height = least(STRETCH, stop - top);
      for (int k = 0; k + WIDTH <= c; k += WIDTH) sumStretches<1>(first, second, top, height, c, k, term);
    }
    for (top = start; top < stop; top += STRETCH) {
      const int end = least(top + STRETCH, stop);
      for (int k = c / WIDTH * WIDTH; k < c; k++) {
        double s = 0, q = 0;
        for (int r = top; r < end; r++) tail(static_cast<size_t>(r) * c + k, k, s, q);
        first[k] += s;
        second[k] += q;
      }
    }
  };
  inParallel(tasks, body);
  memset(sums, 0, c * sizeof(double));
  memset(products, 0, c * sizeof(double));
  for (int task = 0; task < tasks; task++, all += 2 * c) {
    for (int k = 0; k < c; k++) {
      sums[k] += all[k];
      products[k] += all[c + k];
    }
  }
}

/** Sum and sum of squares of x - centre for every channel. */
void channelSums(const float* x, const float* centre, double* sums, double* squares, int rows, int c) {
  auto term = [&](size_t at, int k, Vector& s, Vector& q) {
    const Vector away = load(x + at) - load(centre + k);
    s += away;
    q += away * away;
  };
  auto tail = [&](size_t at, int k, double& s, double& q) {
    const double away = x[at] - centre[k];
    s += away;
    q += away * away;
  };
  sumOverRows(sums, squares, rows, c, term, tail);
}

/** Runs row(r) for every row, in parallel. */
template <typename Row>
INLINE void everyRow(int rows, Row& row) {
  auto body = [&](int task) {
    const int end = least(rows, (task + 1) * ROWS_AT_ONCE);
    for (int r = task * ROWS_AT_ONCE; r < end; r++) row(r);
  };
  inParallel(parts(rows, ROWS_AT_ONCE), body);
}

/** out = activate(x * factor + shift), channel by channel. */
void scaleShift(const float* x, const float* factor, const float* shift, float* out, int rows, int c, float slope) {
  const Vector lean = splat(slope);
  auto row = [&](int r) {
    const size_t start = static_cast<size_t>(r) * c;
    int k = 0;
    for (; k + WIDTH <= c; k += WIDTH) {
      const Vector z = load(x + start + k) * load(factor + k) + load(shift + k);
      store(out + start + k, larger(z, z * lean));
    }
    for (; k < c; k++) {
      const float z = x[start + k] * factor[k] + shift[k];
      out[start + k] = z > z * slope ? z : z * slope;
    }
  };
  everyRow(rows, row);
}

/** dy where z = x factor + shift is positive, slope dy elsewhere. */
INLINE Vector beforeActivation(Vector x, Vector dy, Vector factor, Vector shift, Vector lean) {
  return choose(x * factor + shift > 0, dy, dy * lean);
}

INLINE float beforeActivation(float x, float dy, float factor, float shift, float slope) {
  return x * factor + shift > 0 ? dy : dy * slope;
}

/** Per channel, the sums of dz and of dz (x - mean), where dz is dy before the activation. */
void normGradientSums(const float* x, const float* dy, const float* factor, const float* shift, const float* mean,
                      double* sums, double* products, int rows, int c, float slope) {
  const Vector lean = splat(slope);
  auto term = [&](size_t at, int k, Vector& s, Vector& q) {
    const Vector v = load(x + at);
    const Vector dz = beforeActivation(v, load(dy + at), load(factor + k), load(shift + k), lean);
    s += dz;
    q += dz * (v - load(mean + k));
  };
  auto tail = [&](size_t at, int k, double& s, double& q) {
    const double dz = beforeActivation(x[at], dy[at], factor[k], shift[k], slope);
    s += dz;
    q += dz * (static_cast<double>(x[at]) - mean[k]);
  };
  sumOverRows(sums, products, rows, c, term, tail);
}

/** dx = factor dz - byX x - constant, channel by channel. */
void normGradient(const float* x, const float* dy, const float* factor, const float* shift, const float* byX,
                  const float* constant, float* dx, int rows, int c, float slope) {
  const Vector lean = splat(slope);
  auto row = [&](int r) {
    const size_t start = static_cast<size_t>(r) * c;
    int k = 0;
    for (; k + WIDTH <= c; k += WIDTH) {
      const Vector v = load(x + start + k), f = load(factor + k);
      const Vector dz = beforeActivation(v, load(dy + start + k), f, load(shift + k), lean);
      store(dx + start + k, f * dz - load(constant + k) - v * load(byX + k));
    }
    for (; k < c; k++) {
      const size_t at = start + k;
      const float dz = beforeActivation(x[at], dy[at], factor[k], shift[k], slope);
      dx[at] = factor[k] * dz - constant[k] - x[at] * byX[k];
    }
  };
  everyRow(rows, row);
}

}  // namespace
