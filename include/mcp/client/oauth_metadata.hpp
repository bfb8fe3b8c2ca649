// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcp::detail {

/// The members of protected resource metadata that a client uses. [RFC 9728 §2]
struct protected_resource_document {
    std::string resource;
    std::vector<std::string> authorization_servers;
    std::string scopes; ///< `scopes_supported`, separated by spaces
};

/// The members of authorization server metadata that a client uses. [RFC 8414 §2]
struct authorization_server {
    std::string issuer;
    std::string authorization_endpoint;
    std::string token_endpoint;
    std::string registration_endpoint;
    std::string scopes;                     ///< `scopes_supported`, separated by spaces
    std::vector<std::string> token_methods; ///< to authenticate at the token endpoint
    bool has_s256 = false;                  ///< [RFC 7636]
    bool sends_issuer = false;              ///< [RFC 9207 §3]
    bool takes_client_documents = false;    ///< `client_id_metadata_document_supported`
};

/// What came of reading a document: a value, or a sentence that says what is wrong with it.
template <class T>
struct document_result {
    std::optional<T> value{};
    std::string fault{};
};

/// The identifier of an MCP endpoint as a resource: its URL without fragment, scheme and host in
/// lower case, without the slash of an empty path. [MCP 2026-07-28 authorization] [RFC 8707 §2]
std::string resource_identifier(std::string_view endpoint);

/// The URLs where the metadata of an endpoint may be, in order; first that of the challenge.
/// [RFC 9728 §3.1] [MCP 2026-07-28 authorization-server-discovery]
std::vector<std::string> resource_metadata_urls(std::string_view endpoint,
                                                std::string_view from_challenge);

/// The URLs where the metadata of an issuer may be, in order. [RFC 8414 §3.1, §5] [OpenID Connect
/// Discovery 1.0 §4]
std::vector<std::string> server_metadata_urls(std::string_view issuer);

/// Returns whether `resource` is the endpoint, or a URL of the same origin whose path is a parent.
bool covers_endpoint(std::string_view resource, std::string_view endpoint);

/// Reads a document for an endpoint. The fault names members only, no values.
document_result<protected_resource_document> read_resource_metadata(std::string_view text,
                                                                    std::string_view endpoint);

/// Reads a document for an issuer, whose `issuer` must be the same text.
document_result<authorization_server> read_server_metadata(std::string_view text,
                                                           std::string_view issuer);

/// The authorization server of an MCP server of 2025-03-26 without any metadata: itself.
authorization_server default_server(std::string_view endpoint);

/// Returns scheme, host and port of a URL; empty if it is none.
std::string origin_of(std::string_view url);

} // namespace mcp::detail

#ifdef MCP_BODIES
#include <mcp/client/impl/oauth_metadata.ipp>
#endif
