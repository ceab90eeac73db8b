// A table with the kernels of one instruction set.
#pragma once

namespace crosscheck {

struct Kernel {
  const char* name;
  /** The number of arguments: addresses, as offsets into `heap`, and sizes. */
  int arity;
  /** Returns the kernel's result, or 0 if it has none. */
  double (*call)(char* heap, const double* arguments);
};

struct KernelTable {
  const char* name;
  const Kernel* kernels;
  int count;
};

const KernelTable& baselineKernels();
#if defined(__x86_64__)
const KernelTable& avx2Kernels();
const KernelTable& avx512Kernels();
#endif

}  // namespace crosscheck
