// One scenario over everything that a client does, against tests/conformance/everything_server.cpp.
//   node drive.mjs v1|v2 auto|legacy|pinned WIRE PATH_OF_SERVER
// WIRE is http, tls (with compression), stdio, sse (that of 2024-11-05), or a bridge between stdio and HTTP: those of
// other people, mcp-remote, mcp-remote-sse, supergateway, supergateway-sse; or ours, whose path is MCP_PROGRAM, bridge,
// and bridge-from-http in front of stdio or of HTTP (bridge-from-http-to-http).

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { connect } from './clients.mjs';
import { serve } from './server.mjs';

const [generation, mode, wire, program] = process.argv.slice(2);
const text = result => result.content[0].text;
const step = name => console.log(`- ${name}`);

async function eventually(condition, what) {
    for (let i = 0; i < 500 && !condition(); ++i) await new Promise(next => setTimeout(next, 10));
    assert(condition(), what);
}

async function rejects(promise, code) {
    const error = await promise.then(
        value => assert.fail(`answered ${JSON.stringify(value)}`),
        reason => reason
    );
    assert.equal(error.code, code, String(error));
    return error;
}

// ---- the server

const [, bridge] = wire.match(/^(mcp-remote|supergateway|bridge)(-sse)?$/) ?? [];
let where = { command: program, args: ['--transport', 'stdio', '--log-level', 'error'] };
let server, front;
if (wire.startsWith('bridge-from-http')) {
    if (wire.endsWith('to-http')) server = await serve(program);
    const target = server ? ['--to', server.url] : ['--', where.command, ...where.args];
    front = await serve(process.env.MCP_PROGRAM, { command: ['bridge', '--from', 'http:0', ...target] });
    where = { url: front.url };
} else if (wire !== 'stdio') {
    const sse = wire.endsWith('sse');
    const tls = wire === 'tls';
    server = await serve(program, { sse, tls, settings: tls ? ['--compression'] : [] });
    where = bridge ? through(bridge, server.url, sse) : { url: server.url, sse };
}

/** The command of a bridge, which is a server of stdio for its client. */
function through(name, url, sse) {
    if (name === 'bridge') return { command: process.env.MCP_PROGRAM, args: ['bridge', '--to', url] };
    const scripts = { 'mcp-remote': 'mcp-remote/dist/proxy.js', supergateway: 'supergateway/dist/index.js' };
    const options = {
        'mcp-remote': [url, '--allow-http', '--transport', sse ? 'sse-only' : 'http-only'],
        supergateway: [sse ? '--sse' : '--streamableHttp', url, '--logLevel', 'none']
    };
    const script = fileURLToPath(new URL(`node_modules/${scripts[name]}`, import.meta.url));
    return { command: process.execPath, args: [script, ...options[name]] };
}

// ---- the client, with answers for all that it may be asked

let elicitation = { action: 'accept', content: {} };
const asked = [];
const seen = { messages: [], toolsChanged: 0, updated: [] };
const { client, transport, call, modern } = await connect(
    generation,
    mode,
    where,
    {
        'elicitation/create': async ({ params }) => {
            asked.push(params);
            const { action, content } = elicitation;
            // Fill in what the form asks for, as a user does.
            const fields = Object.keys(params.requestedSchema?.properties ?? {});
            const filled = fields.map(field => [field, content?.[field]]);
            return action === 'accept' ? { action, content: Object.fromEntries(filled) } : { action };
        },
        'sampling/createMessage': async request => {
            asked.push(request.params);
            return { role: 'assistant', model: 'parrot', content: { type: 'text', text: 'Bonjour' } };
        },
        'roots/list': async () => ({ roots: [{ uri: 'file:///home/parrot', name: 'home' }] })
    },
    {
        'notifications/message': note => void seen.messages.push(note.params.data),
        'notifications/tools/list_changed': () => void ++seen.toolsChanged,
        'notifications/resources/updated': note => void seen.updated.push(note.params.uri)
    }
);

step(`connected (${modern ? 'modern' : 'legacy'})`);
assert.equal(modern, generation === 'v2' && mode !== 'legacy');
assert.equal(client.getServerVersion().name, 'everything');
assert(client.getServerCapabilities().tools);
assert.match(client.getInstructions(), /conformance/);
if (!modern) await client.ping();

step('tools');
const { tools } = await client.listTools();
const names = tools.map(tool => tool.name);
for (const name of ['test_simple_text', 'add_numbers', 'json_schema_2020_12_tool'])
    assert(names.includes(name), name);
const add = tools.find(tool => tool.name === 'add_numbers');
assert.deepEqual(add.inputSchema.required, ['a', 'b']);
assert.equal(add.annotations.readOnlyHint, true);
assert.equal(text(await call('test_simple_text')), 'This is a simple text response for testing.');
const sum = await call('add_numbers', { a: 2, b: 3 });
assert.deepEqual(sum.structuredContent, modern ? 5 : { result: 5 });
assert.equal(text(sum), '5');
const kinds = (await call('test_multiple_content_types')).content.map(part => part.type);
assert.deepEqual(kinds, ['text', 'image', 'resource']);

step('errors');
assert.equal((await call('test_error_handling')).isError, true);
const wrong = await call('add_numbers', { a: 'two', b: 3 });
assert.equal(wrong.isError, true);
assert.match(text(wrong), /arguments\.a/);
await rejects(call('no_such_tool'), -32602);
// The newer client shows the code of older servers as that of newer ones.
const missing = generation === 'v1' ? -32002 : -32602;
await rejects(client.readResource({ uri: 'test://no-such-resource' }), missing);
await rejects(client.getPrompt({ name: 'no_such_prompt' }), -32602);

step('resources');
const { resources } = await client.listResources();
assert(resources.some(resource => resource.uri === 'test://static-text'));
const { resourceTemplates } = await client.listResourceTemplates();
assert(resourceTemplates.some(template => template.uriTemplate === 'test://template/{id}/data'));
const read = async uri => (await client.readResource({ uri })).contents[0];
assert.equal((await read('test://static-text')).text, 'This is the content of the static text resource.');
assert.equal((await read('test://static-binary')).mimeType, 'image/png');
assert.equal(Buffer.from((await read('test://static-binary')).blob, 'base64').subarray(1, 4).toString(), 'PNG');
assert.match((await read('test://template/a%20b/data')).text, /a b/);

step('prompts');
const { prompts } = await client.listPrompts();
assert(prompts.some(prompt => prompt.name === 'test_prompt_with_arguments'));
const prompt = await client.getPrompt({ name: 'test_prompt_with_arguments', arguments: { arg1: 'x', arg2: 'y' } });
assert.equal(prompt.messages[0].content.text, "Prompt with arguments: arg1='x', arg2='y'");
const { completion } = await client.complete({
    ref: { type: 'ref/prompt', name: 'test_prompt_with_arguments' },
    argument: { name: 'arg1', value: 'par' }
});
assert.deepEqual(completion.values, ['paris', 'park', 'party']);

step('many at once');
const sums = await Promise.all(Array.from({ length: 50 }, (_, i) => call('add_numbers', { a: i, b: i })));
sums.forEach((result, i) => assert.equal(text(result), String(2 * i)));

// supergateway passes the client's requests and their responses, and nothing else.
if (bridge !== 'supergateway') await talk();

step('end');
if (where.url) {
    if (!modern) await transport.terminateSession?.();
    await client.close();
} else {
    const ended = once(transport._process, 'exit');
    await client.close();
    const [code] = await ended;
    if (!bridge) assert.equal(code, 0, 'the server ends with its input');
}
await front?.stop();
await server?.stop();
console.log('ok');
process.exit(0);

// ---- what the server sends of its own accord, and what the client sends beside requests

async function talk() {
    step('elicitation');
    elicitation = { action: 'accept', content: { username: 'yes', email: 'y@example.com' } };
    assert.match(text(await call('test_elicitation', { message: 'Sure?' })), /action=accept.*yes/);
    assert.equal(asked.at(-1).message, 'Sure?');
    assert.equal(asked.at(-1).requestedSchema.properties.username.type, 'string');
    elicitation = { action: 'decline' };
    assert.match(text(await call('test_elicitation', { message: 'Sure?' })), /action=decline/);
    elicitation = { action: 'accept' };
    assert.match(text(await call('test_elicitation_url')), /action=accept/);
    assert.equal(asked.at(-1).url, 'https://example.com/consent');

    step('elicitation in several rounds');
    elicitation = { action: 'accept', content: { name: 'Ada', color: 'green' } };
    assert.match(text(await call('test_input_required_result_multi_round')), /Ada likes green/);

    step('sampling and roots');
    assert.equal(text(await call('test_sampling', { prompt: 'Greet' })), 'LLM response: Bonjour');
    elicitation = { action: 'accept', content: { name: 'Ada' } };
    assert.match(text(await call('test_input_required_result_multiple_inputs')), /Bonjour Ada.*1 root/);

    step('progress');
    const progress = [];
    await call('test_tool_with_progress', {}, { onprogress: update => progress.push(update.progress) });
    // These clients may drop a notification that arrives in one piece with the response, as the last does.
    assert.deepEqual(progress.slice(0, 2), [0, 50]);

    step('timeouts');
    const late = await rejects(call('test_timeout'), modern ? -31504 : -32001);
    assert.match(late.message, /Request timed out: the server allows 50 ms/);
    assert.deepEqual(late.data, { timeout: 50 });
    if (generation === 'v1' || mode === 'pinned') {
        const patience = { timeout: 600, resetTimeoutOnProgress: true, onprogress: () => {} };
        assert.equal(text(await call('test_slow_progress', {}, patience)), 'Done');
    }

    step('logging');
    if (modern) {
        await call('test_tool_with_logging');
        assert.deepEqual(seen.messages, [], 'a modern request that sets no level gets no messages');
    } else {
        await client.setLoggingLevel('info');
        await call('test_tool_with_logging');
        await eventually(() => seen.messages.length >= 3, 'three log messages');
        assert.equal(seen.messages[0], 'Tool execution started');
    }

    step('changes');
    const watched = 'test://watched-resource';
    let subscription;
    if (modern) subscription = await client.listen({ toolsListChanged: true, resourceSubscriptions: [watched] });
    else await client.subscribeResource({ uri: watched });
    await call('test_trigger_tool_change');
    await eventually(() => seen.toolsChanged > 0, 'tools/list_changed');
    await call('test_update_watched_resource');
    await eventually(() => seen.updated.includes(watched), 'resources/updated');
    if (modern) await subscription.close();
    else await client.unsubscribeResource({ uri: watched });

    step('cancellation');
    const abort = new AbortController();
    const slow = call('test_wait_for_cancel', {}, { signal: abort.signal });
    slow.catch(() => {});
    let waits = '';
    for (let i = 0; i < 500 && waits !== 'waiting'; ++i) waits = text(await call('test_cancel_state'));
    abort.abort('enough');
    await assert.rejects(slow);
    for (let i = 0; i < 500 && waits !== 'cancelled'; ++i) waits = text(await call('test_cancel_state'));
    assert.equal(waits, 'cancelled');
}
