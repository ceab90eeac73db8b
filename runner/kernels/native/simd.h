// Vectors of WIDTH floats, as the compiler's vector extensions. The same source compiles to SSE, AVX2, AVX-512 or NEON code.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// All code for one instruction set stays in its own translation unit. If the linker merged an inline function across units, it
// might keep a version with instructions that the CPU lacks. For the same reason these files do not use the C++ library.
namespace {

constexpr int WIDTH = CROSSCHECK_WIDTH;

typedef float Vector __attribute__((vector_size(4 * WIDTH)));
typedef float LooseVector __attribute__((vector_size(4 * WIDTH), aligned(4), may_alias));
typedef int32_t Integers __attribute__((vector_size(4 * WIDTH)));

#define INLINE inline __attribute__((always_inline))

INLINE Vector load(const float* from) { return *reinterpret_cast<const LooseVector*>(from); }

INLINE void store(float* to, Vector value) { *reinterpret_cast<LooseVector*>(to) = value; }

/** A difference, because v - 0 equals v even for v = -0, so the compiler removes it; 0 + v does not. */
INLINE Vector splat(float value) { return value - Vector{}; }

/** `yes` in lanes where the mask is -1, `no` where it is 0. */
INLINE Vector choose(Integers mask, Vector yes, Vector no) {
  return reinterpret_cast<Vector>((mask & reinterpret_cast<Integers>(yes)) | (~mask & reinterpret_cast<Integers>(no)));
}

INLINE Vector larger(Vector a, Vector b) { return choose(a > b, a, b); }

INLINE int least(int a, int b) { return a < b ? a : b; }
INLINE int most(int a, int b) { return a > b ? a : b; }

/** a / b rounded up, for positive numbers. */
INLINE int parts(int a, int b) { return (a + b - 1) / b; }

}  // namespace
