// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/client_questions.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/schema/validate.hpp>

#include "mcp/arguments.hpp"
#include "mcp/terminal.hpp"

#include <asio/awaitable.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <cstdio>
#include <fcntl.h>
#include <optional>
#include <string>
#include <unistd.h>
#include <vector>

namespace mcp_app {

/// Reads lines that the user types.
class typed_lines {
public:
    explicit typed_lines(const asio::any_io_executor& executor)
        : flags_(::fcntl(STDIN_FILENO, F_GETFL))
        , input_(executor, ::dup(STDIN_FILENO)) {}

    // The terminal is shared with the shell, which wants it as it was.
    ~typed_lines() { ::fcntl(STDIN_FILENO, F_SETFL, flags_); }

    /// Returns the next line without its end; nothing at the end of input.
    asio::awaitable<std::optional<std::string>> next() {
        for (;;) {
            if (const auto end = read_.find('\n'); end != read_.npos) {
                std::string line = read_.substr(0, end);
                read_.erase(0, end + 1);
                co_return line;
            }
            co_await input_.async_wait(asio::posix::stream_descriptor::wait_read,
                                       asio::use_awaitable);
            char room[1024];
            const auto size = ::read(STDIN_FILENO, room, sizeof room);
            if (size == 0)
                co_return std::nullopt;
            if (size > 0)
                read_.append(room, static_cast<std::size_t>(size));
        }
    }

private:
    const int flags_;
    asio::posix::stream_descriptor input_;
    std::string read_{};
};

namespace detail {

/// A choice of an enumeration.
struct choice {
    mcp::json value;
    std::string title;
};

inline std::vector<choice> choices_of(mcp::json_view schema) {
    std::vector<choice> all;
    if (const mcp::json_view items = schema.find("items"))
        schema = items;
    const mcp::json_view names = schema.find("enumNames");
    if (const mcp::json_view values = schema.find("enum"); values && values.is_array())
        for (const mcp::json_view each : values.elements())
            all.push_back({each.to_json(), std::string(each.if_string().value_or(""))});
    if (names && names.is_array()) {
        std::size_t i = 0;
        for (const mcp::json_view each : names.elements())
            if (i < all.size())
                all[i++].title = each.if_string().value_or("");
    }
    for (const std::string_view kind : {"oneOf", "anyOf"})
        if (const mcp::json_view values = schema.find(kind); values && values.is_array())
            for (const mcp::json_view each : values.elements())
                if (const mcp::json_view value = each.find("const"))
                    all.push_back({value.to_json(),
                                   std::string(each.find("title").if_string().value_or(""))});
    return all;
}

inline std::string plain(const mcp::json& value) {
    return value.is_string() ? std::string(value.get_string()) : mcp::encode(value);
}

/// Reads the answer for one member of a form. Throws `usage_error`.
inline mcp::json read_answer(const std::string& name, const std::string& text, mcp::json_view schema,
                             const std::vector<choice>& choices) {
    const auto one = [&](const std::string& typed) -> mcp::json {
        for (std::size_t i = 0; i < choices.size(); ++i)
            if (typed == std::to_string(i + 1) || typed == plain(choices[i].value) ||
                typed == choices[i].title)
                return choices[i].value;
        throw usage_error("choose one of the numbers");
    };
    if (!choices.empty() && schema.find("type").if_string() == "array") {
        mcp::json_array all;
        for (std::size_t start = 0; start <= text.size() && !text.empty();) {
            const auto end = std::min(text.find_first_of(", ", start), text.size());
            if (end > start)
                all.push_back(one(text.substr(start, end - start)));
            start = end + 1;
        }
        return all;
    }
    if (!choices.empty())
        return one(text);
    if (schema.find("type").if_string() == "boolean") {
        if (text == "y" || text == "yes" || text == "true")
            return mcp::json(true);
        if (text == "n" || text == "no" || text == "false")
            return mcp::json(false);
        throw usage_error("answer y or n");
    }
    mcp::json value = typed_value(name, text, schema, schema);
    const auto compiled = mcp::schema::validator::compile(schema.to_json());
    if (compiled)
        if (const auto valid = compiled->validate(value); !valid)
            throw usage_error(valid.error().what());
    return value;
}

inline void show_member(const std::string& name, mcp::json_view schema, bool required,
                        const std::vector<choice>& choices) {
    const std::string title(schema.find("title").if_string().value_or(name));
    std::string line = printable(title);
    if (const auto about = schema.find("description").if_string())
        line += " - " + printable(*about);
    for (std::size_t i = 0; i < choices.size(); ++i) {
        line += "\n  " + std::to_string(i + 1) + ") " + printable(plain(choices[i].value));
        if (!choices[i].title.empty() && choices[i].title != plain(choices[i].value))
            line += " (" + printable(choices[i].title) + ')';
    }
    line += choices.empty() ? " " : "\n";
    const auto type = schema.find("type").if_string().value_or("string");
    line += '(' + std::string(type == "boolean" ? "y/n" : type);
    if (const mcp::json_view otherwise = schema.find("default"))
        line += ", default " + printable(plain(otherwise.to_json()));
    else if (!required)
        line += ", may be empty";
    std::fprintf(stderr, "%s): ", line.c_str());
}

inline bool is_required(mcp::json_view schema, std::string_view name) {
    if (const mcp::json_view all = schema.find("required"); all && all.is_array())
        for (const mcp::json_view each : all.elements())
            if (each.if_string() == name)
                return true;
    return false;
}

} // namespace detail

/// Asks the user for the members of a form, one by one. `!` declines, and the end of input cancels.
inline asio::awaitable<mcp::elicit_answer> ask_form(mcp::elicit_request asked) {
    typed_lines lines(co_await asio::this_coro::executor);
    std::fprintf(stderr, "\n%s\n(! declines, Ctrl-D cancels)\n",
                 printable(asked.message, true).c_str());
    const mcp::json_view form(asked.schema);
    mcp::json_object values;
    for (const auto& [name, schema] : form.find("properties").members()) {
        const std::vector<detail::choice> choices = detail::choices_of(schema);
        const bool required = detail::is_required(form, name);
        for (bool answered = false; !answered;) {
            detail::show_member(std::string(name), schema, required, choices);
            const std::optional<std::string> line = co_await lines.next();
            if (!line)
                co_return mcp::elicit_answer(mcp::elicit_action::cancel);
            if (*line == "!")
                co_return mcp::elicit_answer(mcp::elicit_action::decline);
            const mcp::json_view otherwise = schema.find("default");
            answered = line->empty() && (otherwise || !required);
            if (line->empty() && otherwise)
                values[name] = otherwise.to_json();
            if (answered)
                continue;
            try {
                values[name] = detail::read_answer(std::string(name), *line, schema, choices);
                answered = true;
            } catch (const usage_error& why) {
                std::fprintf(stderr, "  %s\n", why.what());
            }
        }
    }
    co_return mcp::elicit_answer(values);
}

/// Shows a URL, and asks the user whether to go on.
inline asio::awaitable<mcp::elicit_action> ask_url(mcp::url_elicitation asked) {
    typed_lines lines(co_await asio::this_coro::executor);
    std::fprintf(stderr, "\n%s\nOpen this page: %s\nContinue? (y/n): ",
                 printable(asked.message, true).c_str(), printable(asked.url).c_str());
    const std::optional<std::string> line = co_await lines.next();
    if (!line)
        co_return mcp::elicit_action::cancel;
    co_return line->starts_with("y") ? mcp::elicit_action::accept : mcp::elicit_action::decline;
}

} // namespace mcp_app
