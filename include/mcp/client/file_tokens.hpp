// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/token_store.hpp>
#include <mcp/config.hpp>

#include <optional>
#include <string>

namespace mcp {

/// Keeps the authorization of a client in a JSON file; a `token_store`.
///
///     mcp::file_tokens tokens(std::getenv("HOME") + std::string("/.local/state/desk.json"));
///
/// Only the user can read the file: it is made with mode 0600, and one that others may read or
/// that belongs to another user is refused. A change replaces the file as a whole, so that a crash
/// leaves the old one or the new one. Several processes may share it; beside it lies a file with
/// the suffix `.lock`. Its folder must exist.
///
/// The members throw `std::runtime_error`, whose text names the file and the reason.
class file_tokens {
public:
    explicit file_tokens(std::string path);

    std::optional<stored_authorization> load(const std::string& server) const;
    void save(const std::string& server, const stored_authorization& authorization) const;
    void erase(const std::string& server) const;

private:
    std::string path_;
};

static_assert(token_store<memory_tokens> && token_store<file_tokens>);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/client/impl/file_tokens.ipp>
#endif
