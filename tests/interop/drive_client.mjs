// One scenario over everything that a server does: tests/conformance/everything_client.cpp plays it
// against servers of other people.
//   node drive_client.mjs v1|v2|fastmcp|everything http|sse|stdio [legacy] PATH_OF_CLIENT

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from './server.mjs';

const [kind, wire] = process.argv.slice(2);
const era = process.argv.includes('legacy') ? ['--revision', '2025-11-25'] : [];
const program = process.argv.at(-1);
const here = name => fileURLToPath(new URL(name, import.meta.url));

// ---- the server

const everything = ['node_modules/@modelcontextprotocol/server-everything/dist/index.js'];
const modes = { http: 'streamableHttp', sse: 'sse', stdio: 'stdio' };
const [script, ...args] = kind === 'everything' ? [...everything, modes[wire]] : ['servers.mjs', kind, wire];
const command = [process.execPath, here(script), ...args];

async function serve() {
    const PORT = await freePort();
    const server = spawn(command[0], command.slice(1), { env: { ...process.env, PORT }, stdio: ['ignore', 'ignore', 'pipe'] });
    process.on('exit', () => server.kill('SIGKILL'));
    for await (const line of createInterface({ input: server.stderr })) {
        const url = line.match(/http:\S+/)?.[0] ?? (/running|listening/.test(line) && `http://127.0.0.1:${PORT}/${wire === 'sse' ? 'sse' : 'mcp'}`);
        if (!url) continue;
        server.stderr.resume();
        return url;
    }
    assert.fail('the server did not start');
}

// ---- the client

const target = wire === 'stdio' ? command : [await serve()];
const client = spawn(program, ['--drive', ...era, ...target], { stdio: ['pipe', 'pipe', 'inherit'] });
const lines = createInterface({ input: client.stdout })[Symbol.asyncIterator]();
let events = [];

/** Plays a step, and returns its result. `events` are what came meanwhile. */
async function step(what, members = {}) {
    client.stdin.write(JSON.stringify({ do: what, ...members }) + '\n');
    events = [];
    for (;;) {
        const { value, done } = await lines.next();
        assert(!done, `the client ended in the step ${what}`);
        const line = JSON.parse(value);
        if (line.event) events.push(line.event);
        else return line.failed ? { failed: line.failed } : line.result;
    }
}
const call = (name, given = {}, more = {}) => step('call', { name, arguments: given, ...more });
const seen = key => events.filter(event => key in event).map(event => event[key]);

// ---- what both fixtures have, by the names that each gives them

const parrot = {
    name: `parrot-${kind}`,
    sum: ['add', '5'],
    prompt: ['greet', { who: 'Ada' }, /Hello, Ada!/],
    resource: ['note://today', /Feed the parrot/],
    template: ['note://{day}/text', 'note://monday/text', /Notes of monday/],
    progress: ['count', {}, [1, 2, 3]],
    ask: ['ask', /Ada likes green/],
    sample: ['sample', {}, /Bonjour/],
    slow: ['wait', {}]
};
const reference = {
    name: 'mcp-servers/everything',
    sum: ['get-sum', 'The sum of 2 and 3 is 5.'],
    prompt: ['args-prompt', { city: 'Rome' }, /Rome/],
    resource: ['demo://resource/static/document/features.md', /Everything Server/],
    template: ['demo://resource/dynamic/text/{resourceId}', 'demo://resource/dynamic/text/7', /Resource 7/],
    progress: ['trigger-long-running-operation', { duration: 0.03, steps: 3 }, [1, 2, 3]],
    ask: ['trigger-elicitation-request', /Ada(.|\n)*Favorite Integer: 42/],
    sample: ['trigger-sampling-request', { prompt: 'Greet' }, /Bonjour/],
    slow: ['trigger-long-running-operation', { duration: 20, steps: 1000 }]
};
const fixture = kind === 'everything' ? reference : parrot;

const facts = await step('facts');
console.log(`- connected: ${facts.name}, ${facts.revision}`);
assert.equal(facts.name, fixture.name);
assert.equal(facts.revision, kind === 'v2' && !era.length ? '2026-07-28' : '2025-11-25');
assert(facts.instructions);
assert.equal(await step('ping'), null);

console.log('- tools');
const [sum, five] = fixture.sum;
assert((await step('tools')).includes(sum));
assert.equal((await call(sum, { a: 2, b: 3 })).text, five);
const wrong = await call(sum, { a: 'two', b: 3 });
assert(wrong.isError || wrong.failed[0] === 'protocol', JSON.stringify(wrong));
const unknown = await call('no_such_tool');
assert(unknown.isError || unknown.failed[0] === 'protocol', JSON.stringify(unknown));
if (kind === 'everything') {
    const weather = await call('get-structured-content', { location: 'Chicago' });
    assert.equal(typeof weather.structured.temperature, 'number');
} else {
    assert.match((await call('fail')).text, /on purpose/);
}

console.log('- resources and prompts');
const [uri, content] = fixture.resource;
assert((await step('resources')).includes(uri));
assert.match(await step('read', { uri }), content);
const [template, instance, text] = fixture.template;
assert((await step('templates')).includes(template));
assert.match(await step('read', { uri: instance }), text);
const [prompt, given, words] = fixture.prompt;
assert((await step('prompts')).includes(prompt));
assert.match(await step('prompt', { name: prompt, arguments: given }), words);
if (kind === 'everything')
    assert.deepEqual(await step('complete', { of: 'completable-prompt', argument: 'department', typed: 'S' }), ['Sales', 'Support']);

// The second version of the SDK has no sessions in the legacy era over HTTP, so it cannot ask there.
if (!(kind === 'v2' && wire === 'http' && era.length)) {
    console.log('- elicitation and sampling');
    await step('answer', { values: { name: 'Ada' } });
    const [asks, answer] = fixture.ask;
    assert.match((await call(asks)).text, answer);
    assert.equal(seen('asked').length, 1);
    const [samples, wish, reply] = fixture.sample;
    assert.match((await call(samples, wish)).text, reply);
}

console.log('- progress');
const [long, size, counts] = fixture.progress;
const counted = await call(long, size, { progress: true });
assert(!counted.failed && !counted.isError, JSON.stringify(counted));
assert.deepEqual(seen('progress'), counts);

console.log('- cancellation');
const [slow, much] = fixture.slow;
assert.equal(await step('cancel', { name: slow, arguments: much }), true);
if (kind !== 'everything') {
    let state;
    for (let i = 0; i < 500 && state !== 'cancelled'; ++i) state = (await call('waited')).text;
    assert.equal(state, 'cancelled');
}

if (kind === 'v1' && wire === 'http') {
    console.log('- resumption');
    assert.equal((await call('detach', {}, { progress: true })).text, 'resumed');
    assert.deepEqual(seen('progress'), [1]);
}

console.log('- end');
client.stdin.end();
const [code] = await once(client, 'exit');
assert.equal(code, 0, 'the client ends with its input');
console.log('ok');
process.exit(0);
