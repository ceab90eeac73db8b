// The matrices of a filter, packed so that a tile of results reads them sequentially.
#pragma once

#include "runtime.h"
#include "simd.h"

namespace {

/** The size of a tile, chosen so that its results stay in the 16 (SSE, AVX2) or 32 (AVX-512, NEON) vector registers. */
#if CROSSCHECK_REGISTERS == 32
constexpr int PIXELS = 8;
#else
constexpr int PIXELS = 6;
#endif
constexpr int VECTORS = 2;

/** Slots of scratch memory. */
enum { PACKED_SLOT, ZEROS_SLOT, PADDED_SLOT, RESULT_SLOT, PANELS_SLOT };

/**
 * The matrices [from][to] of all taps as panels [panel][tap][from][columns]. Panels have VECTORS * WIDTH columns; the last one
 * has WIDTH if that is enough for the rest. Missing columns are 0.
 */
struct Panels {
  const float* values;
  int taps, from, to;

  static int width(int to, int at) { return to - at > WIDTH ? VECTORS * WIDTH : WIDTH; }

  static size_t columns(int to) {
    int sum = 0;
    for (int at = 0; at < to; at += width(to, at)) sum += width(to, at);
    return sum;
  }

  const float* of(int at, int tap) const {
    return values + static_cast<size_t>(at) * taps * from + static_cast<size_t>(tap) * from * width(to, at);
  }
};

/** Packs [tap][from][to], or [tap][to][from] if `turned`. */
Panels pack(const float* filter, int taps, int from, int to, bool turned) {
  float* out = crosscheck::scratch(PACKED_SLOT, Panels::columns(to) * taps * from);
  const Panels panels{out, taps, from, to};
  for (int at = 0; at < to; at += Panels::width(to, at)) {
    const int width = Panels::width(to, at);
    const int filled = least(width, to - at);
    for (int tap = 0; tap < taps; tap++) {
      const float* matrix = filter + static_cast<size_t>(tap) * from * to;
      for (int f = 0; f < from; f++, out += width) {
        if (turned) {
          for (int t = 0; t < filled; t++) out[t] = matrix[static_cast<size_t>(at + t) * from + f];
        } else {
          memcpy(out, matrix + static_cast<size_t>(f) * to + at, filled * sizeof(float));
        }
        if (filled < width) memset(out + filled, 0, (width - filled) * sizeof(float));
      }
    }
  }
  return panels;
}

}  // namespace
