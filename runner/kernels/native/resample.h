// Bilinear resizing with aligned corners, and max pooling, each with its gradient. Resizing is linear in each axis: the rows of
// the small image are first stretched horizontally, then whole rows, which are long vectors, are mixed.
#pragma once

#include "runtime.h"
#include "simd.h"

namespace {

enum { STRETCHED_SLOT = 24 };

/** Output `o` is between inputs `low` and `high`; `share` is the weight of `high`. */
struct Between {
  int low, high;
  float share;
};

INLINE Between between(int o, int from, int to) {
  const float at = to > 1 ? o * (static_cast<float>(from - 1) / static_cast<float>(to - 1)) : 0;
  const int low = least(static_cast<int>(at), from - 1);
  return {low, least(low + 1, from - 1), at - low};
}

/** to += from * weight. */
INLINE void addScaled(float* to, const float* from, float weight, int count) {
  int k = 0;
  for (; k + WIDTH <= count; k += WIDTH) store(to + k, load(to + k) + load(from + k) * weight);
  for (; k < count; k++) to[k] += from[k] * weight;
}

/** to = a + (b - a) * share. */
INLINE void mixRows(float* to, const float* a, const float* b, float share, int count) {
  int k = 0;
  for (; k + WIDTH <= count; k += WIDTH) store(to + k, load(a + k) + (load(b + k) - load(a + k)) * share);
  for (; k < count; k++) to[k] = a[k] + (b[k] - a[k]) * share;
}

/** x is n h w c, y n oh ow c. */
void resize(const float* x, float* y, int n, int h, int w, int c, int oh, int ow) {
  const size_t row = static_cast<size_t>(ow) * c;
  float* all = crosscheck::scratch(STRETCHED_SLOT, n * h * row);
  auto body = [&](int image) {
    float* stretched = all + image * h * row;
    const float* from = x + static_cast<size_t>(image) * h * w * c;
    for (int iy = 0; iy < h; iy++) {
      for (int ox = 0; ox < ow; ox++) {
        const Between b = between(ox, w, ow);
        const float* line = from + static_cast<size_t>(iy) * w * c;
        mixRows(stretched + iy * row + static_cast<size_t>(ox) * c, line + b.low * c, line + b.high * c, b.share, c);
      }
    }
    float* to = y + static_cast<size_t>(image) * oh * row;
    for (int oy = 0; oy < oh; oy++) {
      const Between b = between(oy, h, oh);
      mixRows(to + oy * row, stretched + b.low * row, stretched + b.high * row, b.share, static_cast<int>(row));
    }
  };
  inParallel(n, body);
}

/** dy is n oh ow c, dx n h w c, overwritten. */
void resizeGradient(const float* dy, float* dx, int n, int h, int w, int c, int oh, int ow) {
  const size_t row = static_cast<size_t>(ow) * c;
  float* all = crosscheck::scratch(STRETCHED_SLOT, n * h * row);
  auto body = [&](int image) {
    float* stretched = all + image * h * row;
    memset(stretched, 0, h * row * sizeof(float));
    const float* from = dy + static_cast<size_t>(image) * oh * row;
    for (int oy = 0; oy < oh; oy++) {
      const Between b = between(oy, h, oh);
      addScaled(stretched + b.low * row, from + oy * row, 1 - b.share, static_cast<int>(row));
      addScaled(stretched + b.high * row, from + oy * row, b.share, static_cast<int>(row));
    }
    float* to = dx + static_cast<size_t>(image) * h * w * c;
    memset(to, 0, static_cast<size_t>(h) * w * c * sizeof(float));
    for (int iy = 0; iy < h; iy++) {
      for (int ox = 0; ox < ow; ox++) {
        const Between b = between(ox, w, ow);
        const float* at = stretched + iy * row + static_cast<size_t>(ox) * c;
        float* line = to + static_cast<size_t>(iy) * w * c;
        addScaled(line + b.low * c, at, 1 - b.share, c);
        addScaled(line + b.high * c, at, b.share, c);
      }
    }
  };
  inParallel(n, body);
}

/** A pooling window, clipped at the borders of the image. */
struct Window {
  int top, bottom, left, right;
};

INLINE Window windowOf(int oy, int ox, int h, int w, int size, int stride, int padding) {
  const int top = oy * stride - padding, left = ox * stride - padding;
  return {most(0, top), least(h, top + size), most(0, left), least(w, left + size)};
}

/** The maximum of each window, or NaN if the window contains one; x is n h w c, y n oh ow c. */
void maxPool(const float* x, float* y, int n, int h, int w, int c, int oh, int ow, int size, int stride, int padding) {
  auto body = [&](int line) {
    const int image = line / oh, oy = line % oh;
    const float* plane = x + static_cast<size_t>(image) * h * w * c;
    for (int ox = 0; ox < ow; ox++) {
      const Window a = windowOf(oy, ox, h, w, size, stride, padding);
      float* out = y + (static_cast<size_t>(line) * ow + ox) * c;
      memcpy(out, plane + (static_cast<size_t>(a.top) * w + a.left) * c, c * sizeof(float));
      for (int iy = a.top; iy < a.bottom; iy++) {
        for (int ix = a.left; ix < a.right; ix++) {
          const float* at = plane + (static_cast<size_t>(iy) * w + ix) * c;
          int k = 0;
          for (; k + WIDTH <= c; k += WIDTH) {
            const Vector best = load(out + k), value = load(at + k);
            store(out + k, choose((value > best) | (value != value), value, best));
          }
          for (; k < c; k++) out[k] = at[k] > out[k] || at[k] != at[k] ? at[k] : out[k];
        }
      }
    }
  };
  inParallel(n * oh, body);
}

/** The gradient of each window goes to the first input that equals its maximum y; dx is overwritten. */
void maxPoolGradient(const float* x, const float* y, const float* dy, float* dx, int n, int h, int w, int c, int oh, int ow,
                     int size, int stride, int padding) {
  auto body = [&](int image) {
    const size_t plane = static_cast<size_t>(image) * h * w * c;
    memset(dx + plane, 0, static_cast<size_t>(h) * w * c * sizeof(float));
    for (int out = 0; out < oh * ow; out++) {
      const Window a = windowOf(out / ow, out % ow, h, w, size, stride, padding);
      const size_t result = (static_cast<size_t>(image) * oh * ow + out) * c;
      int k = 0;
      for (; k + WIDTH <= c; k += WIDTH) {
        const Vector best = load(y + result + k), slope = load(dy + result + k);
        Integers open = Integers{} - 1;
        for (int iy = a.top; iy < a.bottom; iy++) {
          for (int ix = a.left; ix < a.right; ix++) {
            const size_t at = plane + (static_cast<size_t>(iy) * w + ix) * c + k;
            const Integers wins = open & (load(x + at) == best);
            store(dx + at, load(dx + at) + choose(wins, slope, Vector{}));
            open &= ~wins;
          }
        }
      }
      for (; k < c; k++) {
        bool open = true;
        for (int iy = a.top; iy < a.bottom && open; iy++) {
          for (int ix = a.left; ix < a.right && open; ix++) {
            const size_t at = plane + (static_cast<size_t>(iy) * w + ix) * c + k;
            if (x[at] != y[result + k]) continue;
            dx[at] += dy[result + k];
            open = false;
          }
        }
      }
    }
  };
  inParallel(n, body);
}

}  // namespace
