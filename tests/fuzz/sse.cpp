// The SSE parser on any bytes, in two splits that must agree; and what it has read, written again,
// must be read the same.

#include <mcp/sse/event.hpp>
#include <mcp/sse/parser.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct outcome {
    std::vector<mcp::sse::received_event> events;
    std::string last_id;
    bool failed = false;
};

outcome parse(std::string_view bytes, std::size_t step) {
    mcp::sse::parser parser(4096);
    outcome out;
    while (!bytes.empty()) {
        parser.feed(bytes.substr(0, step));
        bytes.remove_prefix(step < bytes.size() ? step : bytes.size());
        while (auto event = parser.next()) {
            out.events.push_back(std::move(*event));
        }
    }
    out.last_id = parser.last_event_id();
    out.failed = parser.failed();
    return out;
}

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

void require_equal(const outcome& a, const outcome& b) {
    require(a.events.size() == b.events.size());
    for (std::size_t i = 0; i < a.events.size(); ++i) {
        require(a.events[i].name == b.events[i].name && a.events[i].data == b.events[i].data &&
                a.events[i].last_event_id == b.events[i].last_event_id);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const outcome whole = parse(bytes, bytes.size() + 1);
    const outcome split = parse(bytes, 1U + data[0]);
    if (!whole.failed && !split.failed) { // where a limit bites may depend on the split
        require_equal(whole, split);
        require(whole.last_id == split.last_id);
    }
    std::string again;
    for (const auto& e : whole.events) {
        // An empty id cannot be written: absent, it inherits. It is checked by the data alone.
        mcp::sse::append_event(again, {.data = e.data, .id = e.last_event_id, .name = e.name});
    }
    const outcome second = parse(again, again.size() + 1);
    if (!second.failed) {
        require(second.events.size() == whole.events.size());
        for (std::size_t i = 0; i < second.events.size(); ++i) {
            require(second.events[i].data == whole.events[i].data);
            require(second.events[i].name == whole.events[i].name);
        }
    }
    return 0;
}
