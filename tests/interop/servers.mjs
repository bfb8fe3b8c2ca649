// One small server, built with the frameworks of other people.
//   node servers.mjs v1|v2|fastmcp http|sse|stdio
// With HTTP it prints its URL to standard error.

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { McpServer as V1Server, ResourceTemplate as V1Template } from '@modelcontextprotocol/sdk/server/mcp.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CreateMessageResultSchema, ElicitResultSchema } from '@modelcontextprotocol/sdk/types.js';
import * as v2 from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { FastMCP } from 'fastmcp';
import { z } from 'zod';

const [kind, wire] = process.argv.slice(2);
const info = { name: `parrot-${kind}`, version: '1.0.0' };
const note = { uri: 'note://today', text: 'Feed the parrot' };
const form = {
    type: 'object',
    properties: { name: { type: 'string' }, color: { type: 'string', default: 'green' } },
    required: ['name']
};
const question = { message: 'Who are you?', requestedSchema: form };
const prompt = { messages: [{ role: 'user', content: { type: 'text', text: 'Greet' } }], maxTokens: 10 };
const said = message => message.content.text ?? message.content[0].text;
let waited = 'not yet';

/** Runs until the caller cancels it. */
async function wait(_, { progress, signal }) {
    waited = 'waiting';
    const end = new Promise(next => signal.addEventListener('abort', next));
    await progress(1);
    await end;
    waited = 'cancelled';
    return waited;
}

/** Each tool: [parameters, function of the arguments and of what the framework offers]. */
const tools = {
    add: [{ a: z.number(), b: z.number() }, async ({ a, b }) => String(a + b)],
    fail: [{}, async () => Promise.reject(new Error('on purpose'))],
    count: [
        {},
        async (_, { progress }) => {
            for (const n of [1, 2, 3]) await progress(n);
            return 'counted';
        }
    ],
    ask: [
        {},
        async (_, { ask }) => {
            const { action, content } = await ask();
            return action === 'accept' ? `${content.name} likes ${content.color}` : action;
        }
    ],
    sample: [{}, async (_, { sample }) => said(await sample())],
    wait: [{}, wait],
    waited: [{}, async () => waited],
    detach: [
        {},
        async (_, { detach, progress }) => {
            detach?.();
            await progress(1);
            return 'resumed';
        }
    ]
};

const textResult = text => ({ content: [{ type: 'text', text }] });
const greeting = who => ({ messages: [{ role: 'user', content: { type: 'text', text: `Hello, ${who}!` } }] });

function makeV1() {
    const server = new V1Server(info, { capabilities: { logging: {} }, instructions: 'Speak.' });
    for (const [name, [inputSchema, run]] of Object.entries(tools)) {
        server.registerTool(name, { description: name, inputSchema }, async (args, extra) => {
            const token = extra._meta?.progressToken;
            const progress = async n => {
                const params = { progressToken: token, progress: n };
                if (token !== undefined) await extra.sendNotification({ method: 'notifications/progress', params });
            };
            const ask = () => extra.sendRequest({ method: 'elicitation/create', params: question }, ElicitResultSchema);
            const sample = () =>
                extra.sendRequest({ method: 'sampling/createMessage', params: prompt }, CreateMessageResultSchema);
            const offers = { progress, ask, sample, signal: extra.signal, detach: extra.closeSSEStream };
            return textResult(await run(args, offers));
        });
    }
    server.registerResource('today', note.uri, {}, async () => ({ contents: [note] }));
    const template = new V1Template('note://{day}/text', { list: undefined });
    server.registerResource('day', template, {}, async (uri, { day }) => ({
        contents: [{ uri: uri.href, text: `Notes of ${day}` }]
    }));
    server.registerPrompt('greet', { argsSchema: { who: z.string() } }, ({ who }) => greeting(who));
    return server;
}

/** Thrown in the first round of a call, which asks the client. */
class Needs extends Error {
    constructor(request) {
        super('input is required');
        this.request = request;
    }
}

function makeV2() {
    const server = new v2.McpServer(info, { capabilities: { logging: {} }, instructions: 'Speak.' });
    for (const [name, [parameters, run]] of Object.entries(tools)) {
        const inputSchema = z.object(parameters);
        server.registerTool(name, { description: name, inputSchema }, async (args, { mcpReq }) => {
            const progressToken = mcpReq._meta?.progressToken;
            const progress = async n => {
                const params = { progressToken, progress: n };
                if (progressToken !== undefined) await mcpReq.notify({ method: 'notifications/progress', params });
            };
            const answered = async request => {
                if (mcpReq.inputResponses?.it) return mcpReq.inputResponses.it;
                throw new Needs(request);
            };
            const ask = () => answered(v2.inputRequired.elicit(question));
            const sample = () => answered(v2.inputRequired.createMessage(prompt));
            try {
                return textResult(await run(args, { progress, ask, sample, signal: mcpReq.signal }));
            } catch (error) {
                if (!(error instanceof Needs)) throw error;
                return v2.inputRequired({ inputRequests: { it: error.request } });
            }
        });
    }
    server.registerResource('today', note.uri, {}, async () => ({ contents: [note] }));
    const template = new v2.ResourceTemplate('note://{day}/text', { list: undefined });
    server.registerResource('day', template, {}, async (uri, { day }) => ({
        contents: [{ uri: uri.href, text: `Notes of ${day}` }]
    }));
    server.registerPrompt('greet', { argsSchema: z.object({ who: z.string() }) }, ({ who }) => greeting(who));
    return server;
}

function makeFastMcp() {
    const server = new FastMCP({ ...info, instructions: 'Speak.', ping: { enabled: false } });
    for (const [name, [parameters, run]] of Object.entries(tools)) {
        server.addTool({
            name,
            description: name,
            parameters: z.object(parameters),
            execute: async (args, { reportProgress, elicit, signal }) => {
                const progress = n => reportProgress({ progress: n });
                const ask = () => elicit(question);
                const sample = async () => {
                    // The framework lists a session some time after it serves its first requests.
                    while (!server.sessions.length) await new Promise(next => setTimeout(next, 10));
                    return server.sessions[0].requestSampling(prompt);
                };
                return run(args, { progress, ask, sample, signal });
            }
        });
    }
    server.addResource({ uri: note.uri, name: 'today', load: async () => ({ text: note.text }) });
    server.addResourceTemplate({
        uriTemplate: 'note://{day}/text',
        name: 'day',
        arguments: [{ name: 'day', required: true }],
        load: async ({ day }) => ({ text: `Notes of ${day}` })
    });
    server.addPrompt({
        name: 'greet',
        arguments: [{ name: 'who', required: true }],
        load: async ({ who }) => `Hello, ${who}!`
    });
    return server;
}

function listen(handle, path) {
    const server = createServer(handle);
    server.listen(0, '127.0.0.1', () => console.error(`http://127.0.0.1:${server.address().port}${path}`));
}

/** The events of a session, in order; the store of the SDK's examples shuffles those of one millisecond. */
class Events {
    #all = [];

    async storeEvent(streamId, message) {
        return String(this.#all.push({ streamId, message }));
    }

    async replayEventsAfter(last, { send }) {
        const { streamId } = this.#all[last - 1];
        for (const [at, event] of this.#all.entries())
            if (at >= last && event.streamId === streamId) await send(String(at + 1), event.message);
        return streamId;
    }
}

/** Sessions of streamable HTTP, whose streams can be resumed. */
function serveV1Http() {
    const sessions = new Map();
    listen(async (request, response) => {
        let transport = sessions.get(request.headers['mcp-session-id']);
        if (!transport) {
            transport = new StreamableHTTPServerTransport({
                sessionIdGenerator: randomUUID,
                eventStore: new Events(),
                retryInterval: 10,
                onsessioninitialized: id => void sessions.set(id, transport),
                onsessionclosed: id => void sessions.delete(id)
            });
            await makeV1().connect(transport);
        }
        await transport.handleRequest(request, response);
    }, '/mcp');
}

function serveV1Sse() {
    const sessions = new Map();
    listen(async (request, response) => {
        const { pathname, searchParams } = new URL(request.url, 'http://localhost');
        if (request.method === 'POST' && pathname === '/messages')
            return sessions.get(searchParams.get('sessionId')).handlePostMessage(request, response);
        if (request.method !== 'GET') return response.writeHead(405).end();
        const transport = new SSEServerTransport('/messages', response);
        sessions.set(transport.sessionId, transport);
        await makeV1().connect(transport);
    }, '/sse');
}

async function serveFastMcpHttp() {
    const probe = createServer().listen(0, '127.0.0.1');
    await new Promise(next => probe.on('listening', next));
    const { port } = probe.address();
    await new Promise(next => probe.close(next));
    await makeFastMcp().start({ transportType: 'httpStream', httpStream: { port, host: '127.0.0.1' } });
    console.error(`http://127.0.0.1:${port}/${wire === 'sse' ? 'sse' : 'mcp'}`);
}

const serve = {
    'v1 http': serveV1Http,
    'v1 sse': serveV1Sse,
    'v1 stdio': () => makeV1().connect(new StdioServerTransport()),
    'v2 http': () => listen(toNodeHandler(v2.createMcpHandler(makeV2)), '/mcp'),
    'v2 stdio': () => serveStdio(makeV2),
    'fastmcp http': serveFastMcpHttp,
    'fastmcp sse': serveFastMcpHttp,
    'fastmcp stdio': () => makeFastMcp().start({ transportType: 'stdio' })
};
await serve[`${kind} ${wire}`]();
