// The common part of a convolution and its gradient with respect to the input: every pixel of the result gathers, tap by tap,
// the channels of a source pixel times a matrix. A tile of PIXELS x VECTORS results stays in registers over all taps. If a tap
// is outside the image, its source is a row of zeros, so borders need neither copies nor special cases. A tap that is outside
// the image for all pixels of the tile is skipped, as most are if the dilation exceeds the image.
#pragma once

#include "panels.h"

namespace {

/** Number of tiles whose source addresses are kept while all channels of the result are computed. */
constexpr int TILES_AT_ONCE = 12;
constexpr int MAX_TAPS = 49;

/** A grid of results and its sources. The results are every `step`-th pixel of an image, starting at (row, column). */
struct Walk {
  int images, rows, columns;
  int step, row, column, height, width;
  int sourceHeight, sourceWidth, sourceStep;
  /** The source pixel of result (r, c) and tap t is (r * sourceStep + down[t], c * sourceStep + right[t]). */
  int taps;
  int down[MAX_TAPS], right[MAX_TAPS];
  /** The index of each tap's matrix among the packed ones. */
  int matrix[MAX_TAPS];
};

/** One tile: the source pixels of every tap that is inside the image for at least one of its pixels. */
struct Tile {
  int taps;
  int matrix[MAX_TAPS];
  const float* sources[MAX_TAPS][PIXELS];
  float* results[PIXELS];
};

/**
 * Computes channels `at` to at + V * WIDTH of the results of T tiles, which have the same taps. A vector of the matrix is used
 * for all of their pixels.
 */
template <int V, int T>
INLINE void computeTiles(const Tile* tiles, const Panels& panels, int at) {
  constexpr int ALL = T * PIXELS;
  Vector sums[ALL][V];
#pragma GCC unroll 16
  for (int p = 0; p < ALL; p++) {
#pragma GCC unroll 4
    for (int v = 0; v < V; v++) sums[p][v] = Vector{};
  }
  for (int t = 0; t < tiles[0].taps; t++) {
    const float* matrix = panels.of(at, tiles[0].matrix[t]);
    const float* source[ALL];
#pragma GCC unroll 16
    for (int p = 0; p < ALL; p++) source[p] = tiles[p / PIXELS].sources[t][p % PIXELS];
    for (int f = 0; f < panels.from; f++, matrix += V * WIDTH) {
      Vector columns[V];
#pragma GCC unroll 4
      for (int v = 0; v < V; v++) columns[v] = load(matrix + v * WIDTH);
#pragma GCC unroll 16
      for (int p = 0; p < ALL; p++) {
        const Vector value = splat(source[p][f]);
#pragma GCC unroll 4
        for (int v = 0; v < V; v++) sums[p][v] += value * columns[v];
      }
    }
  }
  const int room = panels.to - at;
#pragma GCC unroll 16
  for (int p = 0; p < ALL; p++) {
    float* result = tiles[p / PIXELS].results[p % PIXELS];
    if (!result) continue;
    result += at;
    if (room >= V * WIDTH) {
#pragma GCC unroll 4
      for (int v = 0; v < V; v++) store(result + v * WIDTH, sums[p][v]);
      continue;
    }
    float whole[V * WIDTH];
#pragma GCC unroll 4
    for (int v = 0; v < V; v++) store(whole + v * WIDTH, sums[p][v]);
    memcpy(result, whole, room * sizeof(float));
  }
}

INLINE bool haveSameTaps(const Tile& a, const Tile& b) {
  return a.taps == b.taps && memcmp(a.matrix, b.matrix, a.taps * sizeof(int)) == 0;
}

/** The source image of all tiles of a walk. */
struct Sources {
  const float* values;
  int channels;
  /** A source pixel of zeros. */
  const float* zeros;

  const float* at(size_t pixel) const { return values + pixel * channels; }
};

/** Finds the sources of a tile whose PIXELS results are adjacent, starting at (row, column) of an image: the fast path. */
INLINE void aimInRow(Tile& tile, const Walk& walk, const Sources& sources, int image, int row, int column) {
  const int first = column * walk.sourceStep;
  const int reach = (PIXELS - 1) * walk.sourceStep;
  const size_t apart = static_cast<size_t>(walk.sourceStep) * sources.channels;
  int taps = 0;
  for (int t = 0; t < walk.taps; t++) {
    const int y = row * walk.sourceStep + walk.down[t];
    const int x = first + walk.right[t];
    if (y < 0 || y >= walk.sourceHeight || x + reach < 0 || x >= walk.sourceWidth) continue;
    const float** aimed = tile.sources[taps];
    const size_t line = (static_cast<size_t>(image) * walk.sourceHeight + y) * walk.sourceWidth;
    if (x >= 0 && x + reach < walk.sourceWidth) {
      const float* source = sources.at(line + x);
#pragma GCC unroll 16
      for (int p = 0; p < PIXELS; p++) aimed[p] = source + p * apart;
    } else {
      for (int p = 0; p < PIXELS; p++) {
        const int at = x + p * walk.sourceStep;
        aimed[p] = at >= 0 && at < walk.sourceWidth ? sources.at(line + at) : sources.zeros;
      }
    }
    tile.matrix[taps++] = walk.matrix[t];
  }
  tile.taps = taps;
}

/** Finds the sources of a tile whose results, from `first` up to `end`, are spread over rows or images. */
void aimAnywhere(Tile& tile, const Walk& walk, const Sources& sources, int first, int end) {
  int image[PIXELS], down[PIXELS], right[PIXELS];
  for (int p = 0; p < PIXELS; p++) {
    const int line = (first + p) / walk.columns;
    image[p] = line / walk.rows;
    // Results from `end` on are placed outside every image.
    down[p] = first + p < end ? line % walk.rows * walk.sourceStep : -(1 << 28);
    right[p] = (first + p) % walk.columns * walk.sourceStep;
  }
  int taps = 0;
  for (int t = 0; t < walk.taps; t++) {
    bool met = false;
    for (int p = 0; p < PIXELS; p++) {
      const int y = down[p] + walk.down[t];
      const int x = right[p] + walk.right[t];
      const bool inside = y >= 0 && y < walk.sourceHeight && x >= 0 && x < walk.sourceWidth;
      const size_t line = static_cast<size_t>(image[p]) * walk.sourceHeight + y;
      tile.sources[taps][p] = inside ? sources.at(line * walk.sourceWidth + x) : sources.zeros;
      met |= inside;
    }
    tile.matrix[taps] = walk.matrix[t];
    taps += met;
  }
  tile.taps = taps;
}

/** Finds the destinations and sources of PIXELS results, from `first` up to `end`. */
INLINE void aim(Tile& tile, const Walk& walk, const Sources& sources, int first, int end, float* out, int to) {
  const int line = first / walk.columns;
  const int column = first - line * walk.columns;
  const int image = line / walk.rows;
  const int row = line - image * walk.rows;
  const auto result = [&](int i, int r, int c) {
    const size_t y = static_cast<size_t>(i) * walk.height + r * walk.step + walk.row;
    return out + (y * walk.width + c * walk.step + walk.column) * to;
  };
  if (column + PIXELS <= walk.columns) {
    float* at = result(image, row, column);
#pragma GCC unroll 16
    for (int p = 0; p < PIXELS; p++) tile.results[p] = at + static_cast<size_t>(p) * walk.step * to;
    return aimInRow(tile, walk, sources, image, row, column);
  }
  for (int p = 0; p < PIXELS; p++) {
    const int l = (first + p) / walk.columns;
    tile.results[p] = first + p < end ? result(l / walk.rows, l % walk.rows, (first + p) % walk.columns) : nullptr;
  }
  aimAnywhere(tile, walk, sources, first, end);
}

/** Computes all results of a walk. Source pixels have panels.from channels, results have panels.to. */
void compute(const Walk& walk, const float* source, const Panels& panels, float* out) {
  const int count = walk.images * walk.rows * walk.columns;
  float* zeros = crosscheck::scratch(ZEROS_SLOT, panels.from);
  memset(zeros, 0, panels.from * sizeof(float));
  const Sources sources{source, panels.from, zeros};
  auto body = [&](int group) {
    Tile tiles[TILES_AT_ONCE];
    int filled = 0;
    int number = group * TILES_AT_ONCE * PIXELS;
    for (; filled < TILES_AT_ONCE && number < count; filled++, number += PIXELS) {
      aim(tiles[filled], walk, sources, number, count, out, panels.to);
    }
    for (int at = 0; at < panels.to; at += Panels::width(panels.to, at)) {
      const bool wide = Panels::width(panels.to, at) > WIDTH;
      for (int i = 0; i < filled; i++) {
        if (wide) {
          computeTiles<VECTORS, 1>(tiles + i, panels, at);
        } else if (i + 1 < filled && haveSameTaps(tiles[i], tiles[i + 1])) {
          // Half as many sums as usual would wait for each other.
          computeTiles<1, 2>(tiles + i++, panels, at);
        } else {
          computeTiles<1, 1>(tiles + i, panels, at);
        }
      }
    }
  };
  inParallel(parts(count, TILES_AT_ONCE * PIXELS), body);
}

}  // namespace
