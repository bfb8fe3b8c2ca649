// The two generations of TypeScript clients behind one small face, so that one scenario drives both.

import * as v1 from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as V1Http } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { StdioClientTransport as V1Stdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { SSEClientTransport as V1Sse } from '@modelcontextprotocol/sdk/client/sse.js';
import * as v1types from '@modelcontextprotocol/sdk/types.js';
import * as v2 from '@modelcontextprotocol/client';
import { StdioClientTransport as V2Stdio } from '@modelcontextprotocol/client/stdio';

const info = { name: 'asio-mcp-interop', version: '1.0.0' };
const capabilities = { sampling: {}, roots: { listChanged: true }, elicitation: { form: {}, url: {} } };
const modes = {
    auto: { mode: 'auto' },
    legacy: { mode: 'legacy' },
    pinned: { mode: { pin: '2026-07-28' } }
};

const v1schemas = {
    'elicitation/create': v1types.ElicitRequestSchema,
    'sampling/createMessage': v1types.CreateMessageRequestSchema,
    'roots/list': v1types.ListRootsRequestSchema,
    'notifications/message': v1types.LoggingMessageNotificationSchema,
    'notifications/tools/list_changed': v1types.ToolListChangedNotificationSchema,
    'notifications/resources/updated': v1types.ResourceUpdatedNotificationSchema
};

/** `where` is {url}, {url, sse: true} or {command, args}. */
export async function connect(generation, mode, where, handlers, notifications) {
    const old = generation === 'v1';
    const key = method => (old ? v1schemas[method] : method);
    const client = old
        ? new v1.Client(info, { capabilities })
        : new v2.Client(info, { capabilities, versionNegotiation: modes[mode] });
    for (const [method, handle] of Object.entries(handlers))
        client.setRequestHandler(key(method), handle);
    for (const [method, handle] of Object.entries(notifications))
        client.setNotificationHandler(key(method), handle);
    const Http = where.sse ? V1Sse : old ? V1Http : v2.StreamableHTTPClientTransport;
    const Stdio = old ? V1Stdio : V2Stdio;
    const transport = where.url
        ? new Http(new URL(where.url))
        : new Stdio({ command: where.command, args: where.args, stderr: 'pipe' });
    await client.connect(transport);
    const call = (name, args = {}, options = {}) =>
        old
            ? client.callTool({ name, arguments: args }, undefined, options)
            : client.callTool({ name, arguments: args }, options);
    const modern = !old && client.getProtocolEra() === 'modern';
    return { client, transport, call, modern };
}
