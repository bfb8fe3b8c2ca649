// The response parser on any bytes, in two splits that must agree: whatever is read from a
// connection must not depend on how the network has cut it.

#include <mcp/http/client_parser.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

namespace {

void append(std::string& log, std::string_view text) {
    log.append(std::to_string(text.size())).append(":").append(text).append(" ");
}

std::string parse(mcp::http::verb method, std::string_view bytes, std::size_t step) {
    using mcp::http::response_step;
    mcp::http::client_limits limits;
    limits.head_bytes = 512;
    limits.fields = 16;
    mcp::http::response_parser parser(method, limits);
    std::string log;
    std::string body;
    while (true) {
        switch (parser.next()) {
        case response_step::need_more:
            if (bytes.empty()) {
                parser.finish();
            } else {
                const auto room = parser.prepare();
                const auto n = std::min({step, room.size(), bytes.size()});
                std::memcpy(room.data(), bytes.data(), n);
                parser.commit(n);
                bytes.remove_prefix(n);
            }
            break;
        case response_step::head:
            log += std::to_string(static_cast<int>(parser.get().code));
            for (const auto& f : parser.get().headers) {
                append(log, f.name);
                append(log, f.value);
            }
            break;
        case response_step::body:
            body += parser.piece();
            break;
        case response_step::complete:
            // Whether more bytes have come already is up to the network.
            append(log, body);
            return log;
        case response_step::failed:
            append(log, body);
            append(log, parser.error());
            return log;
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) {
        return 0;
    }
    const auto method = data[1] % 2 == 0 ? mcp::http::verb::get : mcp::http::verb::head;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
    if (parse(method, bytes, bytes.size() + 1) != parse(method, bytes, 1U + data[0])) {
        std::abort();
    }
    return 0;
}
