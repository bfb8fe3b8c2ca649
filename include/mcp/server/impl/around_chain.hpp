// SPDX-License-Identifier: MIT
#pragma once

// Runs an entry with the functions around its calls.

#include <mcp/json/writer.hpp>
#include <mcp/server/around.hpp>
#include <mcp/server/catalog.hpp>
#include <mcp/server/context.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/observer.hpp>
#include <mcp/server/result_writer.hpp>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace mcp::detail {

/// What the chain needs to know of each kind of entry: its policy, method and kind.
template <class Entry>
struct entry_traits;
template <>
struct entry_traits<tool_entry> {
    using policy = tool_policy;
    using result = tool_result;
    static constexpr std::string_view method = "tools/call";
    static std::string_view name(const tool_entry& of) noexcept { return of.key(); }
    static void write(const tool_entry& of, context& ctx, result_writer& out, tool_result made) {
        try {
            if (of.wraps_result() && !made.structured.empty() &&
                !has_any_structured_content(out.revision()))
                made.structured = "{\"result\":" + made.structured + "}";
            write_tool_result(out, made);
        } catch (...) {
            tool_policy::failed(of, ctx, out, std::current_exception());
        }
    }
};
template <>
struct entry_traits<prompt_entry> {
    using policy = prompt_policy;
    using result = prompt_result;
    static constexpr std::string_view method = "prompts/get";
    static std::string_view name(const prompt_entry& of) noexcept { return of.key(); }
    static void write(const prompt_entry& of, context&, result_writer& out, prompt_result made) {
        write_prompt(of, out, std::move(made));
    }
};
template <class Entry>
    requires(std::same_as<Entry, resource_entry> || std::same_as<Entry, template_entry>)
struct entry_traits<Entry> {
    using policy = resource_policy;
    using result = resource_result;
    static constexpr std::string_view method = "resources/read";
    static std::string_view name(const Entry& of) noexcept { return of.name(); }
    static void write(const Entry&, context& ctx, result_writer& out, const resource_result& made) {
        resource_policy::write_result(ctx, out, made);
    }
};

/// Holds what is known of a call. It is a base of `entry_chain`, so that it is made first.
struct held_call {
    call_info info;
};

/// One call of an entry through the functions around it: those of the server, then its own. The
/// results are kept as values, and written once the outermost function has returned.
template <class Entry>
class entry_chain final : held_call, public around_chain {
    using traits = entry_traits<Entry>;

public:
    entry_chain(const Entry& entry, context& ctx_, result_writer& out)
        : held_call{{traits::method, traits::name(entry), ctx_.revision(),
                     context_access::request(ctx_).id.text(), ctx_.trace()}}
        , around_chain(ctx_, info)
        , entry_(entry)
        , out_(out) {
        info.session = ctx_.session_id().substr(0, 8);
        info.over_http = context_access::request(ctx_).path != nullptr;
        if constexpr (!std::same_as<typename traits::result, resource_result>)
            info.arguments = tool_arguments(ctx_);
        take(context_access::environment(ctx_).around);
        take(entry.around);
    }

    /// Returns whether all parts of the call can run at once.
    bool immediate() const {
        return entry_.how() == execution::immediate &&
               std::ranges::all_of(layers_, [](const auto* each) { return each->immediate(); });
    }

    void run() {
        out_.capture(&captured_);
        call_result result = run(0);
        write(std::move(result));
    }

    static asio::awaitable<void> run_async(std::shared_ptr<const Entry> entry, context& ctx,
                                           result_writer& out) {
        entry_chain self(*entry, ctx, out);
        out.capture(&self.captured_);
        call_result result = co_await self.await(0);
        self.write(std::move(result));
    }

private:
    void take(const around_layers& some) {
        for (const auto& each : some)
            if (each->covers(kind_of_result<typename traits::result>()))
                layers_.push_back(each.get());
    }

    call_result run(std::size_t from) override {
        try {
            if (from != layers_.size())
                return checked(layers_[from]->run(*this, from + 1));
            entry_.run(ctx, out_);
            return take();
        } catch (...) {
            return fail(std::current_exception());
        }
    }

    asio::awaitable<call_result> await(std::size_t from) override {
        std::exception_ptr failure;
        try {
            if (from != layers_.size()) {
                call_result result = co_await layers_[from]->await(*this, from + 1);
                co_return checked(std::move(result));
            }
            co_await entry_.run_async(ctx, out_);
            co_return take();
        } catch (...) {
            failure = std::current_exception();
        }
        co_return fail(failure);
    }

    /// Returns the result for an exception, or rethrows it.
    call_result fail(const std::exception_ptr& failure) {
        traits::policy::failed(entry_, ctx, out_, failure);
        return take();
    }

    call_result take() { return std::move(captured_.value).value(); }

    static call_result checked(call_result result) {
        if (!std::holds_alternative<typename traits::result>(result))
            throw std::logic_error("a function around calls has returned the result of another "
                                   "kind of call");
        return result;
    }

    void write(call_result result) {
        out_.capture(nullptr);
        traits::write(entry_, ctx, out_, std::get<typename traits::result>(std::move(result)));
    }

    const Entry& entry_;
    result_writer& out_;
    std::vector<const around_layer*> layers_;
    captured_result captured_;
};

} // namespace mcp::detail
