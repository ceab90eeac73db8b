// Gradient of a convolution with respect to its filter, directly from NHWC: dw[ky][kx][ci][co] = sum of x * dy over the pixels
// where tap (ky, kx) overlaps the image. A tile of input x output channels stays in registers over a group of rows that fits
// into the cache.
#pragma once

#include "panels.h"

namespace {

/** Number of input channels of a tile with VECTORS vectors of output channels, and with one. */
constexpr int INPUTS = PIXELS;
constexpr int INPUTS_OF_NARROW = VECTORS * INPUTS;

/** Bytes of x and dy that a piece of work touches in a group of rows, so that they stay in the L1 cache for all its tiles. */
constexpr int GROUP_BYTES = 24 * 1024;

/** The rectangle of pixels that a tile sums over. Steps are in floats. */
struct Rectangle {
  int rows, columns;
  size_t xRow, xStep, dyRow, dyStep;
};

template <int R, int V>
INLINE void outer(const float* x, const float* dy, float* dw, const Rectangle& area, size_t dwStep) {
  Vector sums[R][V];
#pragma GCC unroll 16
  for (int r = 0; r < R; r++) {
#pragma GCC unroll 4
    for (int v = 0; v < V; v++) sums[r][v] = load(dw + r * dwStep + v * WIDTH);
  }
  for (int row = 0; row < area.rows; row++) {
    const float* xAt = x + row * area.xRow;
    const float* dyAt = dy + row * area.dyRow;
    for (int c = 0; c < area.columns; c++, xAt += area.xStep, dyAt += area.dyStep) {
      Vector slope[V];
#pragma GCC unroll 4
      for (int v = 0; v < V; v++) slope[v] = load(dyAt + v * WIDTH);
#pragma GCC unroll 16
      for (int r = 0; r < R; r++) {
        const Vector value = splat(xAt[r]);
#pragma GCC unroll 4
        for (int v = 0; v < V; v++) sums[r][v] += value * slope[v];
      }
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < R; r++) {
#pragma GCC unroll 4
    for (int v = 0; v < V; v++) store(dw + r * dwStep + v * WIDTH, sums[r][v]);
  }
}

template <int MOST, int V>
void outerOf(int inputs, const float* x, const float* dy, float* dw, const Rectangle& area, size_t dwStep) {
  if (inputs == MOST) return outer<MOST, V>(x, dy, dw, area, dwStep);
  if constexpr (MOST > 1) outerOf<MOST - 1, V>(inputs, x, dy, dw, area, dwStep);
}

/** Processes a column of `inputs` input channels, in tiles of nearly equal size. */
template <int MOST, int V>
void column(int inputs, const float* x, const float* dy, float* dw, const Rectangle& area, size_t dwStep) {
  for (int i = 0; i < inputs;) {
    const int left = inputs - i;
    const int tile = parts(left, parts(left, MOST));
    outerOf<MOST, V>(tile, x + i, dy, dw + i * dwStep, area, dwStep);
    i += tile;
  }
}

/** Smallest o with o * stride + shift >= 0. */
INLINE int firstInside(int shift, int stride) { return shift >= 0 ? 0 : parts(-shift, stride); }

/** One past the largest o below `outputs` with o * stride + shift < size. */
INLINE int endInside(int shift, int stride, int size, int outputs) {
  const int last = size - 1 - shift;
  return last < 0 ? 0 : least(outputs, last / stride + 1);
}

/**
 * Rearranges rows of `channels` values into panels of `width` channels, [panel][row][width], padded with 0. Otherwise, rows
 * whose length is a power of two would compete for a few cache lines.
 */
const float* inPanels(const float* x, float* out, int rows, int channels, int width) {
  auto body = [&](int panel) {
    const int filled = least(width, channels - panel * width);
    const float* from = x + panel * width;
    float* to = out + static_cast<size_t>(panel) * rows * width;
    for (int r = 0; r < rows; r++, from += channels, to += width) {
      memcpy(to, from, filled * sizeof(float));
      if (filled < width) memset(to + filled, 0, (width - filled) * sizeof(float));
    }
  };
  inParallel(parts(channels, width), body);
  return out;
}

/** Number of input channels in one piece of work. */
constexpr int INPUTS_AT_ONCE = 4 * INPUTS;
/** Up to this number of input channels, x is read in place. */
constexpr int NARROW = 64;
/** A dw of at most this many bytes stays in the cache for a single pass over the rows; a larger one is computed tap by tap. */
constexpr size_t SMALL_BYTES = 128 * 1024;

/** dw, kh kw ci co, is overwritten. */
void filterGradient(const float* xGiven, const float* dyGiven, float* dwGiven, int n, int h, int w, int ci, int oh, int ow,
                    int co, int kh, int kw, int stride, int dilation, int padding) {
  const int taps = kh * kw;
  // Of few output channels, a second vector would only compute padding.
  const bool narrow = co <= WIDTH;
  const int outputsAtOnce = narrow ? WIDTH : VECTORS * WIDTH;
  const int outputParts = parts(co, outputsAtOnce);
  const int width = outputParts * outputsAtOnce;
  const size_t outputs = static_cast<size_t>(n) * oh * ow;
  const size_t inputs = static_cast<size_t>(n) * h * w;
  const float* dy = dyGiven;
  float* dw = dwGiven;
  if (co != outputsAtOnce) {
    float* panels = crosscheck::scratch(PADDED_SLOT, outputs * width);
    dy = inPanels(dyGiven, panels, static_cast<int>(outputs), co, outputsAtOnce);
  }
  if (width != co) dw = crosscheck::scratch(RESULT_SLOT, static_cast<size_t>(taps) * ci * width);
  const int inputParts = parts(ci, INPUTS_AT_ONCE);
  const float* x = xGiven;
  int xWidth = ci;
  if (ci > NARROW) {
    float* panels = crosscheck::scratch(PANELS_SLOT, inputs * inputParts * INPUTS_AT_ONCE);
    x = inPanels(xGiven, panels, static_cast<int>(inputs), ci, INPUTS_AT_ONCE);
    xWidth = INPUTS_AT_ONCE;
  }
  memset(dw, 0, static_cast<size_t>(taps) * ci * width * sizeof(float));

  // A piece is one tap and a part of its input channels. The order of each sum does not depend on the thread.
  const int pieces = taps * inputParts;
  const int touched = least(ci, INPUTS_AT_ONCE) * stride + outputsAtOnce;
  const int group = most(1, GROUP_BYTES / static_cast<int>(sizeof(float) * ow * touched));
  auto sumRows = [&](int piece, int image, int top, int bottom) {
    const int tap = piece / inputParts;
    const int part = piece % inputParts;
    const int down = tap / kw * dilation - padding;
    const int right = tap % kw * dilation - padding;
    const int y0 = most(top, firstInside(down, stride));
    const int y1 = least(bottom, endInside(down, stride, h, oh));
    const int x0 = firstInside(right, stride);
    const int x1 = endInside(right, stride, w, ow);
    if (y0 >= y1 || x0 >= x1) return;
    const Rectangle area{y1 - y0, x1 - x0, static_cast<size_t>(stride) * w * xWidth, static_cast<size_t>(stride) * xWidth,
                         static_cast<size_t>(ow) * outputsAtOnce, static_cast<size_t>(outputsAtOnce)};
    const size_t pixel = (static_cast<size_t>(image) * h + y0 * stride + down) * w + x0 * stride + right;
    const float* xAt = ci > NARROW ? x + (part * inputs + pixel) * xWidth : x + pixel * xWidth + part * INPUTS_AT_ONCE;
    const float* dyAt = dy + ((static_cast<size_t>(image) * oh + y0) * ow + x0) * outputsAtOnce;
    float* dwAt = dw + (static_cast<size_t>(tap) * ci + part * INPUTS_AT_ONCE) * width;
    const int channels = least(INPUTS_AT_ONCE, ci - part * INPUTS_AT_ONCE);
    if (narrow) return column<INPUTS_OF_NARROW, 1>(channels, xAt, dyAt, dwAt, area, width);
    for (int o = 0; o < outputParts; o++) {
      column<INPUTS, VECTORS>(channels, xAt, dyAt + o * outputs * outputsAtOnce, dwAt + o * outputsAtOnce, area, width);
    }
  };
  const bool small = static_cast<size_t>(taps) * ci * width * sizeof(float) <= SMALL_BYTES;
  const int bundle = small ? parts(pieces, crosscheck::threads()) : 1;
  auto body = [&](int from) {
    for (int image = 0; image < n; image++) {
      for (int top = 0; top < oh; top += group) {
        for (int piece = from * bundle; piece < least(pieces, (from + 1) * bundle); piece++) {
          sumRows(piece, image, top, least(oh, top + group));
        }
      }
    }
  };
  inParallel(parts(pieces, bundle), body);
  if (width == co) return;
  for (size_t r = 0; r < static_cast<size_t>(taps) * ci; r++) memcpy(dwGiven + r * co, dw + r * width, co * sizeof(float));
}

}  // namespace
