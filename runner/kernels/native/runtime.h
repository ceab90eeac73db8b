// What the kernels of every instruction set share: threads and scratch memory.
#pragma once

#include <stddef.h>

namespace crosscheck {

/** Sets how many threads compute for this caller from now on, itself included. */
void setThreads(int count);

int threads();

/**
 * Runs task(context, i) for every i below `count`, shared out over the threads; returns when all are done. Which thread
 * does what must not matter to the result. A task must not throw, so it takes its memory from the caller.
 */
void parallel(int count, void (*task)(void* context, int index), void* context);

/** Memory of at least `floats` floats for this thread, aligned to 64 bytes, valid until it asks for the same slot again. */
float* scratch(int slot, size_t floats);

}  // namespace crosscheck

namespace {

/** parallel() for a lambda. */
template <typename Body>
inline void inParallel(int count, Body& body) {
  crosscheck::parallel(count, [](void* context, int index) { (*static_cast<Body*>(context))(index); }, &body);
}

}  // namespace
