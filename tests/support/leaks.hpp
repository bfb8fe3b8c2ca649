#pragma once

// Reports leaks of a process that ends by `_exit`, which the leak sanitizer does not check.

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/lsan_interface.h>
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

namespace test {

/// Returns `status`, or 91 if there is a leak. Without the sanitizer it returns `status`.
inline int unless_leaked(int status) {
#if defined(__SANITIZE_ADDRESS__)
    if (__lsan_do_recoverable_leak_check() != 0)
        return 91;
#endif
    return status;
}

} // namespace test
