#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <malloc.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MCP_TEST_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define MCP_TEST_SANITIZED
#endif
#endif
#ifdef MCP_TEST_SANITIZED
// g++ does not install <sanitizer/allocator_interface.h>.
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();
#endif

namespace test {

/// Returns the bytes on the heap of the process, as the allocator counts them. No other test or
/// thread may run meanwhile.
inline std::size_t heap_bytes() {
#ifdef MCP_TEST_SANITIZED
    return ::__sanitizer_get_current_allocated_bytes();
#else
    const auto now = ::mallinfo2();
    return now.uordblks + now.hblkhd;
#endif
}

/// Measures by how many bytes the heap has grown since construction.
class heap_growth {
public:
    heap_growth() { EXPECT_GT(before_, 0U) << "the allocator does not count"; }

    std::size_t bytes() const {
        const std::size_t now = heap_bytes();
        return now > before_ ? now - before_ : 0;
    }

private:
    std::size_t before_ = heap_bytes();
};

} // namespace test
