#pragma once

#include <cstddef>
#include <malloc.h>

namespace test {

/// Returns the bytes on the heap of the process, as the allocator counts them. With sanitizers it
/// returns 0. No other test or thread may run meanwhile.
inline std::size_t heap_bytes() {
    const auto now = ::mallinfo2();
    return now.uordblks + now.hblkhd;
}

/// Measures by how many bytes the heap has grown since construction.
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
