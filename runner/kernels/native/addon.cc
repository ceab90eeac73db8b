// The native kernels as a Node-API module: load(instructionSet | null) → { name, kernels }, each kernel a function of the
// heap's ArrayBuffer and numbers; setThreads(count); instructionSets, those that this CPU supports, best first.
#include <node_api.h>

#include <cstring>
#include <exception>
#include <string>
#include <vector>

#include "kernels.h"
#include "runtime.h"

namespace {

using crosscheck::Kernel;
using crosscheck::KernelTable;

constexpr int MOST_ARGUMENTS = 24;

std::vector<const KernelTable*> available() {
  std::vector<const KernelTable*> tables;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512cd"))
    tables.push_back(&crosscheck::avx512Kernels());
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2"))
    tables.push_back(&crosscheck::avx2Kernels());
#endif
  tables.push_back(&crosscheck::baselineKernels());
  return tables;
}

napi_value fail(napi_env env, const std::string& message) {
  napi_throw_error(env, nullptr, message.c_str());
  return nullptr;
}

napi_value callKernel(napi_env env, napi_callback_info info) {
  size_t count = MOST_ARGUMENTS + 1;
  napi_value values[MOST_ARGUMENTS + 1];
  void* data = nullptr;
  napi_get_cb_info(env, info, &count, values, nullptr, &data);
  const Kernel& kernel = *static_cast<const Kernel*>(data);
  if (static_cast<int>(count) != kernel.arity + 1) {
    return fail(env, std::string(kernel.name) + " takes the heap and " + std::to_string(kernel.arity) + " numbers, got " +
                         std::to_string(count) + " arguments");
  }
  // Looked up at every call, because the heap moves when it grows.
  void* heap = nullptr;
  size_t bytes = 0;
  if (napi_get_arraybuffer_info(env, values[0], &heap, &bytes) != napi_ok) {
    return fail(env, std::string(kernel.name) + ": the first argument must be the heap's ArrayBuffer");
  }
  double arguments[MOST_ARGUMENTS];
  for (int i = 0; i < kernel.arity; i++) {
    if (napi_get_value_double(env, values[i + 1], &arguments[i]) != napi_ok) {
      return fail(env, std::string(kernel.name) + ": argument " + std::to_string(i + 1) + " is not a number");
    }
  }
  napi_value result;
  try {
    napi_create_double(env, kernel.call(static_cast<char*>(heap), arguments), &result);
  } catch (const std::exception& error) {
    return fail(env, std::string(kernel.name) + ": " + error.what());
  }
  return result;
}

napi_value load(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value wanted;
  napi_get_cb_info(env, info, &count, &wanted, nullptr, nullptr);
  char name[16] = "";
  size_t length = 0;
  const bool named = count == 1 && napi_get_value_string_utf8(env, wanted, name, sizeof(name), &length) == napi_ok;
  const KernelTable* table = nullptr;
  for (const KernelTable* each : available()) {
    if (!table && (!named || std::strcmp(each->name, name) == 0)) table = each;
  }
  if (!table) return fail(env, std::string("this CPU does not support the instruction set ") + name);

  napi_value result, kernels, text;
  napi_create_object(env, &result);
  napi_create_object(env, &kernels);
  for (int i = 0; i < table->count; i++) {
    const Kernel& kernel = table->kernels[i];
    napi_value function;
    napi_create_function(env, kernel.name, NAPI_AUTO_LENGTH, callKernel, const_cast<Kernel*>(&kernel), &function);
    napi_set_named_property(env, kernels, kernel.name, function);
  }
  napi_create_string_utf8(env, table->name, NAPI_AUTO_LENGTH, &text);
  napi_set_named_property(env, result, "name", text);
  napi_set_named_property(env, result, "kernels", kernels);
  return result;
}

napi_value setThreads(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value value;
  int32_t threads = 0;
  napi_get_cb_info(env, info, &count, &value, nullptr, nullptr);
  if (count != 1 || napi_get_value_int32(env, value, &threads) != napi_ok || threads < 1) {
    return fail(env, "setThreads takes an integer of at least 1");
  }
  try {
    crosscheck::setThreads(threads);
  } catch (const std::exception& error) {
    return fail(env, std::string("setThreads: ") + error.what());
  }
  return nullptr;
}

napi_value initialise(napi_env env, napi_value exports) {
  napi_value function, names, text;
  napi_create_function(env, "load", NAPI_AUTO_LENGTH, load, nullptr, &function);
  napi_set_named_property(env, exports, "load", function);
  napi_create_function(env, "setThreads", NAPI_AUTO_LENGTH, setThreads, nullptr, &function);
  napi_set_named_property(env, exports, "setThreads", function);
  napi_create_array(env, &names);
  uint32_t at = 0;
  for (const KernelTable* table : available()) {
    napi_create_string_utf8(env, table->name, NAPI_AUTO_LENGTH, &text);
    napi_set_element(env, names, at++, text);
  }
  napi_set_named_property(env, exports, "instructionSets", names);
  return exports;
}

}  // namespace

// Initialised through the well-known symbol, so that every worker thread can load the module.
NAPI_MODULE_INIT() { return initialise(env, exports); }
