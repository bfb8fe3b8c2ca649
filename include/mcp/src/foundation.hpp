// SPDX-License-Identifier: MIT
#pragma once

/// The function bodies of the folders encoding, reflect, json, schema, jsonrpc, protocol, for the
/// compiled form. One source file of the program includes this header.

#ifndef MCP_SEPARATE_COMPILATION
#error "define MCP_SEPARATE_COMPILATION in all files of the program"
#endif

#include <mcp/encoding/impl/base64.ipp>
#include <mcp/encoding/impl/dates.ipp>
#include <mcp/encoding/impl/durations.ipp>
#include <mcp/encoding/impl/hex.ipp>
#include <mcp/encoding/impl/random.ipp>
#include <mcp/encoding/impl/uri.ipp>
#include <mcp/encoding/impl/utf8.ipp>
#include <mcp/encoding/impl/uuid.ipp>
#include <mcp/json/impl/decode_error.ipp>
#include <mcp/json/impl/decoder_base.ipp>
#include <mcp/json/impl/document.ipp>
#include <mcp/json/impl/encode.ipp>
#include <mcp/json/impl/member.ipp>
#include <mcp/json/impl/parse.ipp>
#include <mcp/json/impl/parse_error.ipp>
#include <mcp/json/impl/path.ipp>
#include <mcp/json/impl/view.ipp>
#include <mcp/json/impl/writer.ipp>
#include <mcp/jsonrpc/impl/batch.ipp>
#include <mcp/jsonrpc/impl/error.ipp>
#include <mcp/jsonrpc/impl/id.ipp>
#include <mcp/jsonrpc/impl/message.ipp>
#include <mcp/jsonrpc/impl/outline.ipp>
#include <mcp/protocol/impl/annotations.ipp>
#include <mcp/protocol/impl/caching.ipp>
#include <mcp/protocol/impl/cancellation.ipp>
#include <mcp/protocol/impl/capabilities.ipp>
#include <mcp/protocol/impl/completion.ipp>
#include <mcp/protocol/impl/content.ipp>
#include <mcp/protocol/impl/discover.ipp>
#include <mcp/protocol/impl/elicitation.ipp>
#include <mcp/protocol/impl/errors.ipp>
#include <mcp/protocol/impl/headers.ipp>
#include <mcp/protocol/impl/implementation.ipp>
#include <mcp/protocol/impl/initialize.ipp>
#include <mcp/protocol/impl/input_required.ipp>
#include <mcp/protocol/impl/logging.ipp>
#include <mcp/protocol/impl/member_reader.ipp>
#include <mcp/protocol/impl/member_writer.ipp>
#include <mcp/protocol/impl/meta.ipp>
#include <mcp/protocol/impl/pagination.ipp>
#include <mcp/protocol/impl/progress.ipp>
#include <mcp/protocol/impl/prompts.ipp>
#include <mcp/protocol/impl/resources.ipp>
#include <mcp/protocol/impl/roots.ipp>
#include <mcp/protocol/impl/sampling.ipp>
#include <mcp/protocol/impl/subscription_limits.ipp>
#include <mcp/protocol/impl/subscriptions.ipp>
#include <mcp/protocol/impl/tools.ipp>
#include <mcp/protocol/impl/trace_context.ipp>
#include <mcp/protocol/impl/uri_template.ipp>
#include <mcp/reflect/impl/pattern.ipp>
#include <mcp/reflect/impl/regex.ipp>
#include <mcp/schema/impl/absent_nulls.ipp>
#include <mcp/schema/impl/plain_schema.ipp>
#include <mcp/schema/impl/refused_pattern.ipp>
#include <mcp/schema/impl/validate.ipp>
