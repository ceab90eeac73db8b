// The most that the processor can multiply and add, as a measure for the other kernels.
#pragma once

#include "runtime.h"
#include "simd.h"

namespace {

/**
 * Multiplies and adds vectors that stay in registers, `rounds` times on every thread. There are enough independent chains
 * that none waits for its last result. Returns the number of floating-point operations of all threads.
 */
double multiplyAdds(int rounds) {
#if CROSSCHECK_REGISTERS == 32
  constexpr int CHAINS = 24;
#else
  constexpr int CHAINS = 12;
#endif
  auto body = [&](int lane) {
    Vector sums[CHAINS];
    const Vector factor = splat(0.5f), added = splat(static_cast<float>(lane + 1));
#pragma GCC unroll 32
    for (int i = 0; i < CHAINS; i++) sums[i] = splat(static_cast<float>(i));
    for (int r = 0; r < rounds; r++) {
#pragma GCC unroll 32
      for (int i = 0; i < CHAINS; i++) sums[i] = sums[i] * factor + added;
    }
    // Otherwise the compiler would leave everything out.
    volatile float kept[WIDTH];
#pragma GCC unroll 32
    for (int i = 1; i < CHAINS; i++) sums[0] += sums[i];
    for (int i = 0; i < WIDTH; i++) kept[i] = sums[0][i];
  };
  const int lanes = crosscheck::threads();
  inParallel(lanes, body);
  return 2.0 * WIDTH * CHAINS * rounds * lanes;
}

}  // namespace
