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

/// The part of a server that is the same whatever its collaborators are: what it offers, and how
/// requests are answered. Transports talk to this.
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
    /// The settings, to be changed before the server serves only: see `server_options`.
    server_options& options() noexcept { return environment_.options; }
    const server_options& options() const noexcept { return environment_.options; }

    /// The server's `Implementation` as JSON text.
    std::string_view info_text(mcp::revision r) const noexcept {
        return info_[static_cast<std::size_t>(r)];
    }

    /// What is offered now.
    std::shared_ptr<const catalog_snapshot> offers() const {
        return registry_.read({environment_.options.page_size, environment_.options.plain_schemas});
    }

    /// Who may read what is at a URI, and subscribe to it; null if anybody may, or nothing is
    /// offered there.
    std::shared_ptr<const permission> reading(std::string_view uri) const;

    /// What the server can do, as it says in `initialize` and `server/discover`.
    server_capabilities capabilities() const;

    /// How the collaborators are that can say it. Any thread; does not wait for anything.
    health_report health() { return environment_.health.ask(); }

    /// Logs, at debug, what is offered: for a level that is known only after the registrations.
    void log_offers() const;

    /// Answers a request: appends the response to `out` and returns true, or returns false and sets
    /// `later` to what must be awaited first. `ctx` has the request's parameters.
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
