// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/pending.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/server/call_gate.hpp>
#include <mcp/server/call_limits.hpp>
#include <mcp/server/context.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/failure.hpp>
#include <mcp/server/message_sink.hpp>
#include <mcp/server/permission.hpp>
#include <mcp/server/request_view.hpp>
#include <mcp/server/result_writer.hpp>
#include <mcp/server/tool_output.hpp>

#if __has_include(<cxxabi.h>)
#include <cxxabi.h>
#endif

#include <cstdlib>
#include <memory>
#include <typeinfo>

namespace mcp {

namespace detail {

/// Returns the readable name of the type of an exception, or the mangled name if it cannot be
/// decoded. With -fno-rtti all that is known is the base class.
inline std::string readable_type([[maybe_unused]] const std::exception& e) {
#ifdef __cpp_rtti
    const std::type_info& type = typeid(e);
#if __has_include(<cxxabi.h>)
    int status = 0;
    const std::unique_ptr<char, void (*)(void*)> name(
        abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), std::free);
    if (name)
        return name.get();
#endif
    return type.name();
#else
    return "std::exception";
#endif
}

} // namespace detail

MCP_DECL std::string detail::describe_exception(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& e) {
        std::string text = detail::readable_type(e) + ": " + e.what();
#ifdef __cpp_rtti
        try {
            std::rethrow_if_nested(e);
        } catch (...) {
            text += "; because of " + detail::describe_exception(std::current_exception());
        }
#endif
        return text;
    } catch (...) {
        return "an exception that is not a std::exception";
    }
}

MCP_DECL std::string detail::public_text(server_environment& environment,
                                         std::string_view operation, const request_view& request,
                                         const std::exception_ptr& failure,
                                         std::string_view subject) {
    const std::string whole = detail::describe_exception(failure);
    std::string line(operation);
    line.append(subject.empty() ? " failed" : " failed for ").append(subject);
    environment.log(log_level::warning, line.append(": ").append(whole), request.id.text(),
                    request.http_id);
    if (environment.options.expose_exceptions)
        return whole;
    return std::string(operation) + " failed; the server's log has the reason";
}

MCP_DECL std::string detail::public_text(const context& ctx, std::string_view entry,
                                         const std::exception_ptr& failure) {
    return public_text(detail::context_access::environment(ctx), entry,
                       detail::context_access::request(ctx), failure, ctx.subject());
}

MCP_DECL void detail::rethrow_failure(const context& ctx, std::string_view entry,
                                      const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const protocol_error&) {
        throw;
    } catch (const handler_error&) {
        throw;
    } catch (const unavailable&) {
        throw;
    } catch (...) {
        if (ctx.cancelled())
            throw; // no client waits for the response
        throw protocol_error(jsonrpc::errc::internal_error, public_text(ctx, entry, failure));
    }
}

MCP_DECL detail::too_many_calls::too_many_calls(const call_limits& limits)
    : protocol_error(too_many_requests("At most " + std::to_string(limits.gate->calls()) +
                                           " of these calls may be under way; try again later",
                                       std::chrono::seconds(1))) {}

MCP_DECL void detail::limit_result(result_writer& out, const context& ctx, const call_limits* own) {
    const server_options& options = context_access::environment(ctx).options;
    const auto limit = own ? own->result_bytes : std::nullopt;
    const std::size_t most = limit.value_or(options.result_bytes);
    if (out.result_size() <= most)
        return;
    const std::string why = "The result has " + std::to_string(out.result_size()) +
                            " bytes; the server allows " + std::to_string(most) + " (" +
                            (limit ? "mcp::result_bytes" : "server_options::result_bytes") +
                            "). Ask for less, such as a part or a page";
    context_access::environment(ctx).log(
        log_level::warning, std::string(context_access::request(ctx).method) + ": " + why,
        context_access::request(ctx).id.text());
    if (context_access::request(ctx).method == "tools/call")
        write_tool_error(out, why);
    else
        throw protocol_error(jsonrpc::errc::internal_error, why);
}

MCP_DECL outcome detail::outcome_of(const result_writer& writer, reply_status status) noexcept {
    return status == reply_status::forbidden ? outcome::refused
           : writer.error_code() != 0        ? outcome::error
           : writer.is_tool_error()          ? outcome::tool_error
                                             : outcome::ok;
}

MCP_DECL jsonrpc::error unavailable_error() {
    return {jsonrpc::errc::internal_error,
            "A service that the server needs is unavailable; try again later"};
}

MCP_DECL reply_status detail::write_failure(server_environment& environment, result_writer& writer,
                                            const request_view& request,
                                            const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const forbidden& e) {
        writer.fail(e.error());
        return reply_status::forbidden;
    } catch (const too_many_calls& e) {
        writer.fail(e.error());
        return reply_status::too_many_requests;
    } catch (const protocol_error& e) {
        writer.fail(e.error());
        // Legacy clients take any other status for a failure of the transport.
        return is_modern(writer.revision()) && is_bad_request(e.error().code)
                   ? reply_status::bad_request
                   : reply_status::ok;
    } catch (const unavailable& e) {
        environment.log(log_level::error, e.what(), request.id.text(), request.http_id);
        environment.count(counter::unavailable);
        writer.fail(unavailable_error());
        return reply_status::unavailable;
    } catch (const not_found& e) {
        writer.fail(invalid_params(e.what()));
        return reply_status::ok;
    } catch (const handler_error& e) {
        writer.fail({jsonrpc::errc::internal_error, e.what()});
        return reply_status::ok;
    } catch (...) {
        writer.fail({jsonrpc::errc::internal_error,
                     detail::public_text(environment, request.method, request, failure)});
        return reply_status::ok;
    }
}

} // namespace mcp
