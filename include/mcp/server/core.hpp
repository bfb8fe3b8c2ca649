#pragma once

#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/capabilities.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/server/call.hpp>
#include <mcp/server/catalog.hpp>
#include <mcp/server/environment.hpp>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

/// The part of a server that does not depend on its collaborators: its entries, and how it answers
/// requests. Transports use this interface.
class server_core {
public:
    explicit server_core(server_info who) : environment_(std::move(who)) {
        for (const mcp::revision r : all_revisions) {
            json_writer w(info_[static_cast<std::size_t>(r)]);
            write(w, implementation_of(environment_.info), r);
        }
    }
    server_core(const server_core&) = delete;
    server_core& operator=(const server_core&) = delete;

    server_environment& environment() noexcept { return environment_; }
    const server_environment& environment() const noexcept { return environment_; }
    /// Returns the settings. Change them only before the server serves; see `server_options`.
    server_options& options() noexcept { return environment_.options; }
    const server_options& options() const noexcept { return environment_.options; }

    /// Returns the server's `Implementation` as JSON text.
    std::string_view info_text(mcp::revision r) const noexcept {
        return info_[static_cast<std::size_t>(r)];
    }

    /// Returns a snapshot of the current entries.
    std::shared_ptr<const catalog_snapshot> offers() const {
        return registry_.read({environment_.options.page_size, environment_.options.plain_schemas});
    }

    /// Returns the permission to read and subscribe to a URI. Null if everybody may, or if no entry
    /// matches the URI.
    std::shared_ptr<const permission> reading(std::string_view uri) const;

    /// Returns the capabilities that `initialize` and `server/discover` announce.
    server_capabilities capabilities() const;

    /// Returns the health of the collaborators that report it. Any thread; does not wait.
    health_report health() { return environment_.health.ask(); }

    /// Logs the entries at level debug. For a level that is known only after the registrations.
    void log_offers() const;

    /// Answers a request. Appends the response to `out` and returns true, or returns false and sets
    /// `later` to the work that must be awaited first. `ctx` has the request's parameters.
    ///
    /// Runs immediate handlers on the calling thread.
    bool answer(context& ctx, const jsonrpc::message& request, std::string& out,
                reply_status& status, job& later);

protected:
    registry registry_;

private:
    static implementation implementation_of(const server_info& info) {
        implementation made(info.name, info.version);
        made.title = info.title;
        made.description = info.description;
        made.website_url = info.website_url;
        made.icons = info.icons;
        return made;
    }

    server_environment environment_;
    std::array<std::string, all_revisions.size()> info_;
};

} // namespace mcp

#include <mcp/server/impl/answer.hpp>
