#pragma once

/// The function bodies of the folders encoding, reflect, json, schema, jsonrpc, protocol, for the compiled form.
/// One source file of the program includes this header.

#ifndef MCP_SEPARATE_COMPILATION
#error "define MCP_SEPARATE_COMPILATION in all files of the program"
#endif

#include <mcp/json/impl/decode_error.ipp>
#include <mcp/json/impl/decoder_base.ipp>
#include <mcp/json/impl/encode.ipp>
#include <mcp/json/impl/member.ipp>
#include <mcp/json/impl/parse.ipp>
#include <mcp/json/impl/path.ipp>
#include <mcp/json/impl/value.ipp>
#include <mcp/json/impl/writer.ipp>
#include <mcp/reflect/impl/pattern.ipp>
#include <mcp/reflect/impl/regex.ipp>
#include <mcp/schema/impl/absent_nulls.ipp>
#include <mcp/schema/impl/plain_schema.ipp>
#include <mcp/schema/impl/validate.ipp>
