// Vectors of WIDTH floats in the compiler's own notation; the same source becomes SSE, AVX2, AVX-512 or NEON code.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Everything of one instruction set stays in its own unit: an inline function that the linker shared between units could
// bring instructions that the processor lacks. For the same reason these files use nothing of the C++ library.
namespace {

constexpr int WIDTH = CROSSCHECK_WIDTH;

typedef float Vector __attribute__((vector_size(4 * WIDTH)));
typedef float LooseVector __attribute__((vector_size(4 * WIDTH), aligned(4), may_alias));
typedef int32_t Integers __attribute__((vector_size(4 * WIDTH)));

#define INLINE inline __attribute__((always_inline))

INLINE Vector load(const float* from) { return *reinterpret_cast<const LooseVector*>(from); }

INLINE void store(float* to, Vector value) { *reinterpret_cast<LooseVector*>(to) = value; }

/** A difference, because v - 0 is v even for v = -0 and so costs nothing; 0 + v is not. */
INLINE Vector splat(float value) { return value - Vector{}; }

/** `yes` where the mask's lanes are -1, `no` where they are 0. */
INLINE Vector choose(Integers mask, Vector yes, Vector no) {
  return reinterpret_cast<Vector>((mask & reinterpret_cast<Integers>(yes)) | (~mask & reinterpret_cast<Integers>(no)));
}

INLINE Vector larger(Vector a, Vector b) { return choose(a > b, a, b); }

INLINE int least(int a, int b) { return a < b ? a : b; }
INLINE int most(int a, int b) { return a > b ? a : b; }

/** a / b rounded up, for positive numbers. */
INLINE int parts(int a, int b) { return (a + b - 1) / b; }

}  // namespace
