// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/decode.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/result.hpp>

#include <cassert>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

class json_writer;

/// The action that the user took on an elicitation.
enum class elicit_action : std::uint8_t {
    accept,  ///< submitted the input
    decline, ///< refused explicitly
    cancel,  ///< dismissed it without a choice
};

constexpr std::string_view to_string(elicit_action action) noexcept {
    return action == elicit_action::accept    ? "accept"
           : action == elicit_action::decline ? "decline"
                                              : "cancel";
}

/// The response of the user to `elicit<T>` [MCP 2026-07-28 client/elicitation].
///
///     auto answer = co_await ctx.elicit<booking>("Which day?");
///     if (answer.accepted())
///         book(answer->day);
template <class T = json_object>
class elicit_result {
public:
    elicit_result() = default;
    explicit elicit_result(elicit_action action) : action_{action} {}
    explicit elicit_result(T content)
        : action_{elicit_action::accept}
        , content_{std::move(content)} {}

    elicit_action action() const noexcept { return action_; }
    /// Returns true if, and only if, there is a value.
    bool accepted() const noexcept { return content_.has_value(); }
    bool declined() const noexcept { return action_ == elicit_action::decline; }
    bool cancelled() const noexcept { return action_ == elicit_action::cancel; }

    /// Returns `accepted()`.
    explicit operator bool() const noexcept { return accepted(); }

    /// Returns the user's input. Throws `std::bad_optional_access` unless accepted.
    const T& value() const& { return content_.value(); }
    T&& value() && { return std::move(content_).value(); }

    /// Returns the user's input. Precondition: `accepted()`.
    const T& operator*() const& {
        assert(accepted());
        return *content_;
    }
    const T* operator->() const {
        assert(accepted());
        return &*content_;
    }

private:
    elicit_action action_ = elicit_action::cancel;
    std::optional<T> content_;
};

/// The method by which a server asks the user for input.
inline constexpr std::string_view elicit_method = "elicitation/create";

/// Asks the user, in a form, for values that fit a schema.
struct form_elicitation {
    form_elicitation() = default;
    form_elicitation(std::string message_, std::string schema_)
        : message{std::move(message_)}
        , schema{std::move(schema_)} {}

    std::string message;
    /// JSON Schema text of a flat object, such as `elicitation_schema_of<T>` returns.
    std::string schema;
};

/// Asks the user to visit a page. Use it for input that must not pass through the client, such as a
/// password.
struct url_elicitation {
    url_elicitation() = default;
    url_elicitation(std::string message_, std::string url_, std::string id_ = {})
        : message{std::move(message_)}
        , url{std::move(url_)}
        , id{std::move(id_)} {}

    std::string message;
    std::string url;
    /// Identifies the elicitation in `notifications/elicitation/complete`. It must not be empty in
    /// 2025-11-25. Later revisions do not have it, but some of their clients require it beside the
    /// URL.
    std::string id;
};

/// Writes the params of `elicitation/create`.
void write(json_writer& w, const form_elicitation& value, revision r);
void write(json_writer& w, const url_elicitation& value, revision r);

/// Appends `notifications/elicitation/complete`; 2025-11-25 only.
void write_elicitation_complete(std::string& out, std::string_view elicitation_id);

/// Returns the error that tells the client to visit these URLs and to repeat the request;
/// 2025-11-25 only.
jsonrpc::error url_elicitation_required(const std::vector<url_elicitation>& elicitations);

/// Reads the result of a client. Accepted content that does not decode to `T` is an error.
/// Acceptance without content counts as an empty object.
template <class T = json_object>
result<elicit_result<T>, decode_error> read_elicit_result(json_view value,
                                                          std::string_view path = {});

/// Writes the result of a client. `content` is the JSON text of an object; it is written only with
/// `accept`.
void write_elicit_result(json_writer& w, elicit_action action, std::string_view content = {});

/// The params of an elicitation as a client reads them. Exactly one member is set.
struct elicitation_params {
    std::optional<form_elicitation> form;
    std::optional<url_elicitation> url;
};
result<elicitation_params, decode_error> read_elicitation_params(json_view params);

/// Returns the defaults that a form's schema gives its members. A client uses them for the members
/// that the user left out [MCP 2025-11-25 client/elicitation].
json_object elicitation_defaults(json_view schema);

namespace detail {

/// The result of a client before its content is decoded.
struct elicited_answer {
    elicit_action action = elicit_action::cancel;
    json content;      ///< set only if accepted
    std::string place; ///< the path of the content
};

/// Reads the result of a client. If `as_object`, content that is not an object is an error.
result<elicited_answer, decode_error> read_elicit_answer(json_view value, std::string_view path,
                                                         bool as_object);

} // namespace detail

template <class T>
result<elicit_result<T>, decode_error> read_elicit_result(json_view value, std::string_view path) {
    constexpr bool as_object = std::same_as<T, json_object>;
    auto read = detail::read_elicit_answer(value, path, as_object);
    if (!read) {
        return std::move(read).error();
    }
    if (read->action != elicit_action::accept) {
        return elicit_result<T>{read->action};
    }
    if constexpr (as_object) {
        return elicit_result<T>{std::move(read->content.get_object())};
    } else {
        auto decoded = decode<T>(read->content, read->place);
        if (!decoded) {
            return std::move(decoded).error();
        }
        return elicit_result<T>{*std::move(decoded)};
    }
}

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/protocol/impl/elicitation.ipp>
#endif
