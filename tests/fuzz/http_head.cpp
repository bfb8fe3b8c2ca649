// The HTTP parser on any bytes, in two splits that must agree: whatever is read from a connection
// must not depend on how the network has cut it.

#include <mcp/http/parse.hpp>

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

std::string parse(std::string_view bytes, std::size_t step, const mcp::http::limits& limit) {
    using mcp::http::parse_state;
    mcp::http::request_parser parser(limit);
    std::string log;
    while (!bytes.empty()) {
        const auto room = parser.prepare();
        const auto n = std::min({step, room.size(), bytes.size()});
        std::memcpy(room.data(), bytes.data(), n);
        parser.commit(n);
        bytes.remove_prefix(n);
        for (auto state = parser.parse(); state != parse_state::need_more; state = parser.parse()) {
            if (state == parse_state::failed) {
                return log + std::to_string(static_cast<int>(parser.error()));
            }
            auto& r = parser.get();
            for (const auto part :
                 {r.method_name, r.target, r.authority, r.path, r.query, r.body}) {
                append(log, part);
            }
            for (const auto& f : r.headers) {
                append(log, f.name);
                append(log, f.value);
            }
            log += parser.keep_alive() ? "keep\n" : "close\n";
            parser.next();
        }
    }
    return log + (parser.idle() ? "idle" : parser.in_body() ? "body" : "head");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    mcp::http::limits limit;
    limit.head_bytes = 512;
    limit.fields = 16;
    limit.body_bytes = 8192;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    if (parse(bytes, bytes.size() + 1, limit) != parse(bytes, 1U + data[0], limit)) {
        std::abort();
    }
    return 0;
}
