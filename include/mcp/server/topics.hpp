#pragma once

#include <mcp/protocol/subscriptions.hpp>

#include <string_view>

namespace mcp {

/// The broker topic of a list.
constexpr std::string_view list_topic(list_kind kind) noexcept {
    switch (kind) {
    case list_kind::tools:
        return "tools/list_changed";
    case list_kind::resources:
        return "resources/list_changed";
    case list_kind::prompts:
        return "prompts/list_changed";
    }
    return {};
}

} // namespace mcp
