// Compressed bodies of requests: any bytes end, within the bound, and what is packed here unpacks to
// itself.

#include <mcp/http/impl/zlib_codec.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mcp::http::detail;
    if (size == 0)
        return 0;
    const coding format = data[0] % 2 == 0 ? coding::gzip : coding::deflate;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    constexpr std::size_t most = 100'000;
    std::string out;
    const unpacked how = unpack(bytes, format, most, out);
    if (out.size() > most)
        std::abort();
    if (how == unpacked::whole) {
        std::string packed, again;
        deflater(format, 1).write(out, Z_FINISH, packed);
        if (unpack(packed, format, most, again) != unpacked::whole || again != out)
            std::abort();
    }
    return 0;
}
