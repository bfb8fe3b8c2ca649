// Any text that parses as JSON is read as a message; what is one is written again, and must come
// back as the same message. Every decoder of params and results must take it or refuse it. The
// outline of a text must say of it what the whole says.

#include <mcp/json/document.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/jsonrpc/batch.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/jsonrpc/outline.hpp>
#include <mcp/protocol/cancellation.hpp>
#include <mcp/protocol/completion.hpp>
#include <mcp/protocol/discover.hpp>
#include <mcp/protocol/elicitation.hpp>
#include <mcp/protocol/headers.hpp>
#include <mcp/protocol/initialize.hpp>
#include <mcp/protocol/input_required.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/protocol/pagination.hpp>
#include <mcp/protocol/prompts.hpp>
#include <mcp/protocol/resources.hpp>
#include <mcp/protocol/roots.hpp>
#include <mcp/protocol/sampling.hpp>
#include <mcp/protocol/subscriptions.hpp>
#include <mcp/protocol/tools.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

namespace rpc = mcp::jsonrpc;

void require(bool truth) {
    if (!truth) {
        std::abort();
    }
}

std::string written_again(const rpc::message& message) {
    std::string out;
    std::string part;
    mcp::json_writer w{part};
    switch (message.kind) {
    case rpc::message_kind::request:
    case rpc::message_kind::notification:
        if (message.params) {
            w.value(message.params);
        }
        rpc::write_request(out, message.id, message.method, part);
        break;
    case rpc::message_kind::result:
        w.value(message.result);
        rpc::write_response(out, message.id, part);
        break;
    case rpc::message_kind::error:
        rpc::write_error(out, message.id, message.error);
        break;
    }
    return out;
}

void round_trip(const rpc::message& message) {
    const auto parsed = mcp::parse_json(written_again(message), {.depth = 70});
    require(parsed.has_value());
    const auto again = rpc::read_message(*parsed);
    require(again.has_value() && again->kind == message.kind && again->id == message.id &&
            again->method == message.method && again->error == message.error &&
            bool(again->params) == bool(message.params));
    require(!message.params || again->params.to_json() == message.params.to_json());
    require(!message.result || again->result.to_json() == message.result.to_json());
}

void read_params(mcp::json_view params) {
    if (const auto meta = mcp::read_request_meta(params)) {
        (void)mcp::check_modern_meta(*meta);
    }
    (void)mcp::read_cancelled(params);
    (void)mcp::read_progress(params);
    (void)mcp::read_set_level(params);
    (void)mcp::read_log_message(params);
    (void)mcp::read_completion_params(params);
    (void)mcp::read_prompt_params(params);
    (void)mcp::read_resource_params(params);
    (void)mcp::read_initialize_params(params);
    (void)mcp::read_listen_params(params);
    (void)mcp::read_input_retry(params);
    (void)mcp::read_elicitation_params(params);
    if (const auto cursor = mcp::read_cursor(params); cursor && *cursor) {
        (void)mcp::decode_cursor(**cursor);
    }
    if (const auto request = mcp::read_sampling_params(params)) {
        std::string out;
        mcp::json_writer w{out};
        write(w, *request, mcp::revision::v2024_11_05);
    }
}

void read_result(mcp::json_view value) {
    if (const auto read = mcp::read_tool_result(value)) {
        for (mcp::revision r : mcp::all_revisions) {
            std::string out;
            mcp::json_writer w{out};
            write(w, *read, r);
            require(mcp::parse_json(out, {.depth = 70}).has_value());
        }
    }
    (void)mcp::read_prompt_result(value);
    (void)mcp::read_resource_result(value);
    (void)mcp::read_discover_result(value);
    (void)mcp::read_initialize_result(value);
    (void)mcp::read_input_required(value);
    (void)mcp::read_sampling_result(value);
    (void)mcp::read_elicit_result(value);
    (void)mcp::read_roots(value);
    (void)mcp::read_completion_result(value);
    (void)mcp::read_page(value, "tools", &mcp::read_tool_definition);
    (void)mcp::read_page(value, "resources", &mcp::read_resource_definition);
    (void)mcp::read_page(value, "prompts", &mcp::read_prompt_definition);
}

void one_message(mcp::json_view value) {
    (void)rpc::readable_id(value);
    const auto message = rpc::read_message(value);
    if (!message) {
        require(message.error().code == rpc::errc::invalid_request);
        const auto failed = rpc::failed_response(value, message.error());
        require(!failed || !rpc::is_answered(value));
        require(!failed || rpc::read_message(*failed)->kind == rpc::message_kind::error);
        return;
    }
    round_trip(*message);
    if (message->params) {
        read_params(message->params);
        (void)mcp::mcp_name(message->method, message->params);
    } else if (message->result) {
        read_result(message->result);
    }
}

/// `text` is short enough that the outline has all of its ids and methods.
void compare_outline(mcp::json_view outline, mcp::json_view value) {
    const mcp::jsonrpc::error why{-1, "why"};
    require(rpc::readable_id(outline) == rpc::readable_id(value));
    require(rpc::is_answered(outline) == rpc::is_answered(value));
    require(rpc::failed_response(outline, why) == rpc::failed_response(value, why));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const mcp::json outline = rpc::read_outline(text);
    static mcp::json_document document;
    if (document.read(text)) {
        return 0;
    }
    const mcp::json_view value = document.root();
    if (size < 1000) {
        compare_outline(outline, value);
    }
    (void)mcp::find_header_parameters(value.to_json());
    if (const auto batch = rpc::read_batch(value, 100)) {
        for (const mcp::json_view element : batch->elements()) {
            one_message(element);
        }
    } else {
        one_message(value);
    }
    return 0;
}
