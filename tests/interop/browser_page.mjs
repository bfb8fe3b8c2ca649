// The script of the page that browser.mjs opens.

import { Client, SSEClientTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

function check(condition, what) {
    if (!condition) throw new Error(what);
}

/** A session that uses all that a page can do: requests, streams, questions, and the end. */
async function session(transport, mode, modern) {
    const client = new Client(
        { name: 'page', version: '1.0.0' },
        { capabilities: { sampling: {} }, versionNegotiation: { mode } }
    );
    const messages = [];
    client.setNotificationHandler('notifications/message', note => void messages.push(note.params.data));
    client.setRequestHandler('sampling/createMessage', async () => ({
        role: 'assistant',
        model: 'parrot',
        content: { type: 'text', text: 'Bonjour' }
    }));
    await client.connect(transport);
    check((client.getProtocolEra() === 'modern') === modern, client.getProtocolEra());

    const { tools } = await client.listTools();
    check(tools.some(tool => tool.name === 'add_numbers'), 'the tools');
    const text = async (name, args = {}, options = {}) =>
        (await client.callTool({ name, arguments: args }, options)).content[0]?.text;
    check((await text('add_numbers', { a: 2, b: 3 })) === '5', 'a call');
    check((await text('test_sampling', { prompt: 'Greet' })) === 'LLM response: Bonjour', 'a question to the page');

    const progress = [];
    await text('test_tool_with_progress', {}, { onprogress: update => progress.push(update.progress) });
    check(progress[0] === 0 && progress[1] === 50, `progress: ${progress}`);
    if (!modern) {
        check(transport.sessionId || transport instanceof SSEClientTransport, 'the page can read Mcp-Session-Id');
        await client.setLoggingLevel('info');
        await text('test_tool_with_logging');
        check(messages.includes('Tool execution started'), `messages: ${messages}`);
        await transport.terminateSession?.();
    }
    await client.close();
}

export async function run({ http, sse, closed }) {
    await session(new StreamableHTTPClientTransport(new URL(http)), 'legacy', false);
    await session(new StreamableHTTPClientTransport(new URL(http)), 'auto', true);
    await session(new SSEClientTransport(new URL(sse)), 'legacy', false);
    const refused = await session(new StreamableHTTPClientTransport(new URL(closed)), 'legacy', false).then(
        () => 'nothing',
        String
    );
    check(refused.includes('Failed to fetch'), `a server that does not accept the origin: ${refused}`);
}
