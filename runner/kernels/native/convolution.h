// Forward convolution and its gradient with respect to the input, as walks over tiles; see gather.h.
#pragma once

#include "gather.h"

namespace {

/** y = x * filter; x is n h w ci, the filter kh kw ci co, y n oh ow co. */
void convolve(const float* x, const float* filter, float* y, int n, int h, int w, int ci, int oh, int ow, int co, int kh,
              int kw, int stride, int dilation, int padding) {
  Walk walk{n, oh, ow, 1, 0, 0, oh, ow, h, w, stride, kh * kw, {}, {}, {}};
  for (int t = 0; t < walk.taps; t++) {
    walk.down[t] = t / kw * dilation - padding;
    walk.right[t] = t % kw * dilation - padding;
    walk.matrix[t] = t;
  }
  compute(walk, x, pack(filter, kh * kw, ci, co, false), y);
}

/** Gradient of convolve with respect to x. With a stride, each residue of rows and columns has its own taps and walk. */
void convolveBack(const float* dy, const float* filter, float* dx, int n, int h, int w, int ci, int oh, int ow, int co,
                  int kh, int kw, int stride, int dilation, int padding) {
  const Panels panels = pack(filter, kh * kw, co, ci, true);
  for (int row = 0; row < least(stride, h); row++) {
    for (int column = 0; column < least(stride, w); column++) {
      Walk walk{n, parts(h - row, stride), parts(w - column, stride), stride, row, column, h, w, oh, ow, 1, 0, {}, {}, {}};
      for (int t = 0; t < kh * kw; t++) {
        const int down = row + padding - t / kw * dilation;
        const int right = column + padding - t % kw * dilation;
        if (down % stride != 0 || right % stride != 0) continue;
        walk.down[walk.taps] = down / stride;
        walk.right[walk.taps] = right / stride;
        walk.matrix[walk.taps++] = t;
      }
      compute(walk, dy, panels, dx);
    }
  }
}

}  // namespace
