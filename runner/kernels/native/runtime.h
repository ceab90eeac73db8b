// Threads and scratch memory, shared by the kernels of all instruction sets.
#pragma once

#include <stddef.h>

namespace crosscheck {

/** Sets the number of threads that compute for the calling thread from now on, including itself. */
void setThreads(int count);

int threads();

/**
 * Runs task(context, i) for every i below `count`, distributed over the threads, and returns when all are done. The result
 * must not depend on which thread runs a task. Tasks must not throw, so they cannot allocate: the caller provides their memory.
 */
void parallel(int count, void (*task)(void* context, int index), void* context);

/** Memory for at least `floats` floats, aligned to 64 bytes and valid until this thread requests the same slot again. */
float* scratch(int slot, size_t floats);

}  // namespace crosscheck

namespace {

/** parallel() for a lambda. */
template <typename Body>
inline void inParallel(int count, Body& body) {
  crosscheck::parallel(count, [](void* context, int index) { (*static_cast<Body*>(context))(index); }, &body);
}

}  // namespace
