#pragma once

#include <mcp/jsonrpc/error.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/message_sink.hpp>
#include <mcp/server/permission.hpp>
#include <mcp/server/result_writer.hpp>

#include <exception>
#include <string>
#include <string_view>
#include <typeinfo>

namespace mcp {

/// The text of an exception, for the log.
inline std::string describe_exception(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& e) {
        return std::string(typeid(e).name()) + ": " + e.what();
    } catch (...) {
        return "an exception that is no std::exception";
    }
}

/// What a peer may see of an unexpected exception; the log gets the whole.
inline std::string public_text(server_environment& environment, std::string_view what,
                               const std::exception_ptr& failure) {
    const std::string whole = describe_exception(failure);
    environment.log(log_level::warning, std::string(what) + " failed: " + whole);
    if (environment.options.expose_exceptions)
        return whole;
    return std::string(what) + " failed; the server's log has the reason";
}

/// Makes a response of what a handler threw.
inline reply_status write_failure(server_environment& environment, result_writer& writer,
                                  std::string_view method, const jsonrpc::id& id,
                                  const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const forbidden& e) {
        writer.fail(e.error());
        return reply_status::forbidden;
    } catch (const protocol_error& e) {
        writer.fail(e.error());
        // Legacy clients take any other status for a failure of the transport.
        return is_modern(writer.revision()) && is_bad_request(e.error().code)
                   ? reply_status::bad_request
                   : reply_status::ok;
    } catch (...) {
        const std::string what = std::string(method) + " (id " + std::string(id.text()) + ")";
        writer.fail({jsonrpc::errc::internal_error, public_text(environment, what, failure)});
        return reply_status::ok;
    }
}

} // namespace mcp
