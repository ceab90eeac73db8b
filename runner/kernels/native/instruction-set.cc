// Compiled once per instruction set, with CROSSCHECK_TABLE, CROSSCHECK_NAME, CROSSCHECK_WIDTH (floats per vector) and
// CROSSCHECK_REGISTERS (number of vector registers).
#include "batch-norm.h"
#include "convolution.h"
#include "cross-entropy.h"
#include "elementwise.h"
#include "filter-gradient.h"
#include "kernels.h"
#include "lovasz.h"
#include "peak.h"
#include "resample.h"

namespace {

/** Converts a number to an argument of a kernel. Offsets into the heap become pointers. */
template <typename T>
struct Argument {
  static INLINE T of(char*, double value) { return static_cast<T>(value); }
};
template <typename T>
struct Argument<T*> {
  static INLINE T* of(char* heap, double value) { return reinterpret_cast<T*>(heap + static_cast<size_t>(value)); }
};

template <int... I>
struct Indices {};
template <int N, int... I>
struct Count : Count<N - 1, N - 1, I...> {};
template <int... I>
struct Count<0, I...> {
  typedef Indices<I...> type;
};

template <typename... A, int... I>
INLINE double apply(double (*kernel)(A...), char* heap, const double* arguments, Indices<I...>) {
  return kernel(Argument<A>::of(heap, arguments[I])...);
}
template <typename... A, int... I>
INLINE double apply(void (*kernel)(A...), char* heap, const double* arguments, Indices<I...>) {
  kernel(Argument<A>::of(heap, arguments[I])...);
  return 0;
}

template <typename R, typename... A>
constexpr int arity(R (*)(A...)) {
  return sizeof...(A);
}
template <typename R, typename... A>
INLINE double run(R (*kernel)(A...), char* heap, const double* arguments) {
  return apply(kernel, heap, arguments, typename Count<sizeof...(A)>::type());
}

#define KERNEL(name) \
  { #name, arity(name), [](char* heap, const double* arguments) { return run(name, heap, arguments); } }

const crosscheck::Kernel KERNELS[] = {
    KERNEL(convolve),
    KERNEL(convolveBack),
    KERNEL(filterGradient),
    KERNEL(channelSums),
    KERNEL(scaleShift),
    KERNEL(normGradientSums),
    KERNEL(normGradient),
    KERNEL(crossEntropy),
    KERNEL(trueClass),
    KERNEL(argmax),
    KERNEL(lovasz),
    KERNEL(copyRows),
    KERNEL(addRows),
    KERNEL(addRelu),
    KERNEL(maskPositive),
    KERNEL(sgd),
    KERNEL(resize),
    KERNEL(resizeGradient),
    KERNEL(maxPool),
    KERNEL(maxPoolGradient),
    KERNEL(multiplyAdds),
};

}  // namespace

const crosscheck::KernelTable& crosscheck::CROSSCHECK_TABLE() {
  static const KernelTable table{CROSSCHECK_NAME, KERNELS, sizeof(KERNELS) / sizeof(KERNELS[0])};
  return table;
}
