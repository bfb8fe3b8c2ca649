// SPDX-License-Identifier: MIT
#pragma once

// What most servers need of asio-mcp. scripts/python/check.py keeps this list complete. It names
// the headers that are left out, each with its reason: a further library, or few files that need
// it.

// clang-format off: the order is that of the floors

#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/result.hpp>
#include <mcp/version.hpp>

#include <mcp/encoding/base64.hpp>
#include <mcp/encoding/bytes.hpp>
#include <mcp/encoding/dates.hpp>
#include <mcp/encoding/durations.hpp>
#include <mcp/encoding/hex.hpp>
#include <mcp/encoding/random.hpp>
#include <mcp/encoding/relative_path.hpp>
#include <mcp/encoding/sha256.hpp>
#include <mcp/encoding/siphash.hpp>
#include <mcp/encoding/uri.hpp>
#include <mcp/encoding/utf8.hpp>
#include <mcp/encoding/uuid.hpp>

#include <mcp/reflect/annotations.hpp>
#include <mcp/reflect/arguments.hpp>
#include <mcp/reflect/attributes.hpp>
#include <mcp/reflect/constraints.hpp>
#include <mcp/reflect/defaults.hpp>
#include <mcp/reflect/describe.hpp>
#include <mcp/reflect/enums.hpp>
#include <mcp/reflect/fault.hpp>
#include <mcp/reflect/fixed_string.hpp>
#include <mcp/reflect/flags.hpp>
#include <mcp/reflect/json_names.hpp>
#include <mcp/reflect/member.hpp>
#include <mcp/reflect/members.hpp>
#include <mcp/reflect/nullable.hpp>
#include <mcp/reflect/parameters.hpp>
#include <mcp/reflect/pattern.hpp>
#include <mcp/reflect/regex.hpp>
#include <mcp/reflect/signature.hpp>
#include <mcp/reflect/struct_fault.hpp>
#include <mcp/reflect/symbol_name.hpp>
#include <mcp/reflect/type_name.hpp>

#include <mcp/json/codec.hpp>
#include <mcp/json/decode.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/document.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/form_fault.hpp>
#include <mcp/json/limits.hpp>
#include <mcp/json/literal.hpp>
#include <mcp/json/member.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/parse_error.hpp>
#include <mcp/json/path.hpp>
#include <mcp/json/string_types.hpp>
#include <mcp/json/text_form.hpp>
#include <mcp/json/time_form.hpp>
#include <mcp/json/value.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>

#include <mcp/jsonrpc/batch.hpp>
#include <mcp/jsonrpc/connection.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/jsonrpc/outline.hpp>

#include <mcp/schema/absent_nulls.hpp>
#include <mcp/schema/elicitation_schema_of.hpp>
#include <mcp/schema/refused_pattern.hpp>
#include <mcp/schema/schema_of.hpp>
#include <mcp/schema/shows_range.hpp>

#include <mcp/protocol/annotations.hpp>
#include <mcp/protocol/caching.hpp>
#include <mcp/protocol/cancellation.hpp>
#include <mcp/protocol/capabilities.hpp>
#include <mcp/protocol/completion.hpp>
#include <mcp/protocol/content.hpp>
#include <mcp/protocol/discover.hpp>
#include <mcp/protocol/elicitation.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/headers.hpp>
#include <mcp/protocol/implementation.hpp>
#include <mcp/protocol/initialize.hpp>
#include <mcp/protocol/input_required.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/protocol/pagination.hpp>
#include <mcp/protocol/progress.hpp>
#include <mcp/protocol/prompts.hpp>
#include <mcp/protocol/resources.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/protocol/roots.hpp>
#include <mcp/protocol/sampling.hpp>
#include <mcp/protocol/subscription_limits.hpp>
#include <mcp/protocol/subscriptions.hpp>
#include <mcp/protocol/tools.hpp>
#include <mcp/protocol/trace_context.hpp>
#include <mcp/protocol/uri_template.hpp>

#include <mcp/async/byte_budget.hpp>
#include <mcp/async/health_state.hpp>
#include <mcp/async/invoke.hpp>
#include <mcp/async/ip_address.hpp>
#include <mcp/async/lazy_pool.hpp>
#include <mcp/async/mailbox.hpp>
#include <mcp/async/offload.hpp>
#include <mcp/async/pending.hpp>
#include <mcp/async/resumption_queue.hpp>
#include <mcp/async/saturating_time.hpp>
#include <mcp/async/shutdown_watch.hpp>
#include <mcp/async/sigpipe.hpp>
#include <mcp/async/sleep_for.hpp>
#include <mcp/async/stop_signals.hpp>
#include <mcp/async/suspended.hpp>
#include <mcp/async/systemd.hpp>
#include <mcp/async/tally.hpp>
#include <mcp/async/task_queue.hpp>

#include <mcp/http/chunked.hpp>
#include <mcp/http/compression_options.hpp>
#include <mcp/http/connection.hpp>
#include <mcp/http/cors.hpp>
#include <mcp/http/head.hpp>
#include <mcp/http/limits.hpp>
#include <mcp/http/media_type.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/parse.hpp>
#include <mcp/http/request_record.hpp>
#include <mcp/http/router.hpp>
#include <mcp/http/secure_channel.hpp>
#include <mcp/http/server.hpp>
#include <mcp/http/shard.hpp>
#include <mcp/http/status.hpp>
#include <mcp/http/taken_connection.hpp>
#include <mcp/http/url.hpp>
#include <mcp/http/write.hpp>

#include <mcp/sse/event.hpp>

#include <mcp/auth/auth_backend.hpp>
#include <mcp/auth/principal.hpp>
#include <mcp/auth/protected_resource.hpp>
#include <mcp/auth/static_tokens.hpp>

#include <mcp/broker/memory_broker.hpp>
#include <mcp/broker/sse_broker.hpp>
#include <mcp/broker/subscriber.hpp>

#include <mcp/limit/rate.hpp>
#include <mcp/limit/rate_limiter.hpp>

#include <mcp/replay/event_envelope.hpp>
#include <mcp/replay/memory_log.hpp>
#include <mcp/replay/replay_log.hpp>

#include <mcp/session/memory_sessions.hpp>
#include <mcp/session/record_change.hpp>
#include <mcp/session/session_record.hpp>
#include <mcp/session/session_store.hpp>

#include <mcp/state/parked_state.hpp>
#include <mcp/state/request_state.hpp>

#include <mcp/server/access_log.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/server/around.hpp>
#include <mcp/server/bound_method.hpp>
#include <mcp/server/call.hpp>
#include <mcp/server/call_deadline.hpp>
#include <mcp/server/call_gate.hpp>
#include <mcp/server/call_limits.hpp>
#include <mcp/server/call_place.hpp>
#include <mcp/server/catalog.hpp>
#include <mcp/server/completion.hpp>
#include <mcp/server/context.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/expected.hpp>
#include <mcp/server/failure.hpp>
#include <mcp/server/handler.hpp>
#include <mcp/server/handler_fault.hpp>
#include <mcp/server/health.hpp>
#include <mcp/server/input.hpp>
#include <mcp/server/input_round.hpp>
#include <mcp/server/message_sink.hpp>
#include <mcp/server/observation.hpp>
#include <mcp/server/observer.hpp>
#include <mcp/server/operation.hpp>
#include <mcp/server/options.hpp>
#include <mcp/server/owned_request.hpp>
#include <mcp/server/param_fault.hpp>
#include <mcp/server/permission.hpp>
#include <mcp/server/prompt.hpp>
#include <mcp/server/registration_options.hpp>
#include <mcp/server/registry.hpp>
#include <mcp/server/request_view.hpp>
#include <mcp/server/resource.hpp>
#include <mcp/server/result_writer.hpp>
#include <mcp/server/server.hpp>
#include <mcp/server/server_core.hpp>
#include <mcp/server/server_log.hpp>
#include <mcp/server/standard_error.hpp>
#include <mcp/server/text_value.hpp>
#include <mcp/server/tool.hpp>
#include <mcp/server/tool_output.hpp>
#include <mcp/server/toolset.hpp>
#include <mcp/server/topics.hpp>
#ifndef MCP_NO_LEGACY
#include <mcp/server/legacy/call_slots.hpp>
#include <mcp/server/legacy/session.hpp>
#endif

#include <mcp/transport/any_connection.hpp>
#include <mcp/transport/http_policy.hpp>
#include <mcp/transport/http_reply.hpp>
#include <mcp/transport/inbound.hpp>
#include <mcp/transport/listen.hpp>
#include <mcp/transport/memory.hpp>
#include <mcp/transport/message_peer.hpp>
#include <mcp/transport/resource_metadata.hpp>
#include <mcp/transport/serve_connection.hpp>
#include <mcp/transport/serve_http.hpp>
#include <mcp/transport/stdio.hpp>
#include <mcp/transport/streamable_http.hpp>
#include <mcp/transport/trace_headers.hpp>
#include <mcp/transport/trusted_proxies.hpp>
#ifndef MCP_NO_LEGACY
#include <mcp/transport/legacy/event_id.hpp>
#include <mcp/transport/legacy/event_stream.hpp>
#include <mcp/transport/legacy/handshake.hpp>
#include <mcp/transport/legacy/live_sessions.hpp>
#include <mcp/transport/legacy/node.hpp>
#include <mcp/transport/legacy/recorded_reply.hpp>
#include <mcp/transport/legacy/session_events.hpp>
#include <mcp/transport/legacy/session_use.hpp>
#endif

#if __has_include(<CLI/CLI.hpp>)
#include <mcp/app/run.hpp>
#include <mcp/app/run_options.hpp>
#endif
