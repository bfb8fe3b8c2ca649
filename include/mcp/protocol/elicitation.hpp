#pragma once

#include <mcp/json/decode.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/protocol/revision.hpp>

#include <cassert>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

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
///     if (answer.accepted()) { book(answer->day); }
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
result<elicit_result<T>, decode_error> read_elicit_result(const json& value,
                                                          std::string_view path = {});

/// Writes the result of a client. `content` is the JSON text of an object; it is written only with
/// `accept`.
void write_elicit_result(json_writer& w, elicit_action action, std::string_view content = {});

/// The params of an elicitation as a client reads them. Exactly one member is set.
struct elicitation_params {
    std::optional<form_elicitation> form;
    std::optional<url_elicitation> url;
};
result<elicitation_params, decode_error> read_elicitation_params(const json_object* params);

/// Returns the defaults that a form's schema gives its members. A client uses them for the members
/// that the user left out [MCP 2025-11-25 client/elicitation].
json_object elicitation_defaults(const json& schema);

inline void write(json_writer& w, const form_elicitation& value, revision r) {
    w.begin_object();
    if (has_url_elicitation(r)) {
        w.member("mode", "form");
    }
    w.member("message", value.message);
    write_json_text(w, "requestedSchema", value.schema);
    w.end_object();
}

inline void write(json_writer& w, const url_elicitation& value, revision r) {
    w.begin_object();
    w.member("mode", "url");
    w.member("message", value.message);
    if (has_elicitation_ids(r) || !value.id.empty()) {
        w.member("elicitationId", value.id);
    }
    w.member("url", value.url);
    w.end_object();
}

inline void write_elicitation_complete(std::string& out, std::string_view elicitation_id) {
    std::string params;
    json_writer w{params};
    w.begin_object();
    w.member("elicitationId", elicitation_id);
    w.end_object();
    jsonrpc::write_notification(out, "notifications/elicitation/complete", params);
}

inline jsonrpc::error url_elicitation_required(const std::vector<url_elicitation>& elicitations) {
    std::string data;
    json_writer w{data};
    w.begin_object();
    write_list(w, "elicitations", elicitations,
               [&w](const url_elicitation& one) { write(w, one, revision::v2025_11_25); });
    w.end_object();
    return {errc::url_elicitation_required, "URL elicitation required", std::move(data)};
}

template <class T>
result<elicit_result<T>, decode_error> read_elicit_result(const json& value,
                                                          std::string_view path) {
    member_reader r{value, path};
    std::string action;
    json content = json_object{};
    r.need("action", action);
    if (const json* given = r.find_present("content"); given && *given != json(json_array{})) {
        content = *given;
    }
    if (action == "decline" || action == "cancel") {
        return r.finish(
            elicit_result<T>{action == "decline" ? elicit_action::decline : elicit_action::cancel});
    }
    if (action != "accept") {
        r.fail("action", "expected accept, decline or cancel");
        return r.finish(elicit_result<T>{});
    }
    if constexpr (std::same_as<T, json_object>) {
        if (!content.is_object()) {
            r.fail("content", member_reader::expected("object", content));
            return r.finish(elicit_result<T>{});
        }
        return r.finish(elicit_result<T>{std::move(content.get_object())});
    } else {
        std::string place{path};
        auto decoded = decode<T>(content, place.append(place.empty() ? "" : ".").append("content"));
        if (!decoded) {
            return std::move(decoded).error();
        }
        return elicit_result<T>{*std::move(decoded)};
    }
}

inline void write_elicit_result(json_writer& w, elicit_action action, std::string_view content) {
    w.begin_object();
    w.member("action", to_string(action));
    if (action == elicit_action::accept) {
        write_present_raw(w, "content", content);
    }
    w.end_object();
}

inline result<elicitation_params, decode_error> read_elicitation_params(const json_object* params) {
    member_reader r{params};
    elicitation_params read;
    std::string mode = "form";
    std::string message;
    r.take("mode", mode);
    r.need("message", message);
    if (mode == "url") {
        url_elicitation& url = read.url.emplace(std::move(message), "");
        r.need("url", url.url);
        r.take("elicitationId", url.id);
    } else if (mode == "form") {
        form_elicitation& form = read.form.emplace(std::move(message), "");
        const json_object* schema = nullptr;
        r.need("requestedSchema", schema);
        if (schema) {
            json_writer{form.schema}.value(*schema);
        }
    } else {
        r.fail("mode", "expected form or url");
    }
    return r.finish(std::move(read));
}

inline json_object elicitation_defaults(const json& schema) {
    json_object defaults;
    const json_object* object = schema.if_object();
    const json* properties = object ? object->if_contains("properties") : nullptr;
    if (properties && properties->is_object()) {
        for (const auto& property : properties->get_object()) {
            const json_object* about = property.value().if_object();
            if (const json* preset = about ? about->if_contains("default") : nullptr) {
                defaults.emplace(property.key(), *preset);
            }
        }
    }
    return defaults;
}

} // namespace mcp
