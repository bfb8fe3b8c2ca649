#pragma once

#include <cstddef>
#include <malloc.h>

namespace test {

/// Bytes that the process holds on its heap, as the allocator counts them; 0 with sanitizers, whose
/// allocators do not say. Other tests and their threads must be done.
inline std::size_t heap_bytes() {
    const auto now = ::mallinfo2();
    return now.uordblks + now.hblkhd;
}

/// How much more the process holds than when this was made.
class heap_growth {
public:
    std::size_t bytes() const {
        const std::size_t now = heap_bytes();
        return now > before_ ? now - before_ : 0;
    }

private:
    std::size_t before_ = heap_bytes();
};

} // namespace test
