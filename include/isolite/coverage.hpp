#pragma once

#include <isolite/visibility.hpp>

#include <cstdint>

// What gcov and LLVM give to a program that is compiled for them; null in any other.
extern "C" {
[[gnu::weak]] void __gcov_dump(void);
[[gnu::weak]] void __gcov_reset(void);
[[gnu::weak]] int __llvm_profile_write_file(void);
[[gnu::weak]] std::uint64_t __llvm_profile_get_size_for_buffer(void);
[[gnu::weak]] int __llvm_profile_write_buffer(char*);
[[gnu::weak]] int __llvm_profile_merge_from_buffer(const char*, std::uint64_t);
[[gnu::weak]] void __llvm_profile_reset_counters(void);
}

namespace isolite::workers {

/// How to keep what a process has counted for coverage. Every function may be null.
struct coverage_tools {
    void (*write_gcov)();
    void (*reset_gcov)();
    int (*write_llvm)();
    std::uint64_t (*size_of_llvm)();
    int (*copy_llvm)(char*);
    int (*add_llvm)(const char*, std::uint64_t);
    void (*reset_llvm)();
};

/// Tells isolite of them, which as a library of its own cannot see them. Returns true.
ISOLITE_API bool know_coverage(const coverage_tools& tools);

inline const bool coverage_is_known = know_coverage(
    {__gcov_dump, __gcov_reset, __llvm_profile_write_file, __llvm_profile_get_size_for_buffer,
     __llvm_profile_write_buffer, __llvm_profile_merge_from_buffer, __llvm_profile_reset_counters});

#if !defined(__clang__)
/// Never called. Compiled for gcov, GCC calls its own `execv`, which brings `__gcov_dump` along:
/// no weak symbol would.
[[gnu::used]] inline int bring_gcov(const char* program, char* const* arguments) {
    return __builtin_execv(program, arguments);
}
#endif

} // namespace isolite::workers
