// The command line of the MCP Inspector, driving tests/conformance/everything_server.cpp.
//   node inspector.mjs http|stdio|sse PATH_OF_SERVER

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { serve } from './server.mjs';

const [wire, program] = process.argv.slice(2);
const launcher = 'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js';
const inspector = fileURLToPath(new URL(launcher, import.meta.url));
const server = wire === 'stdio' ? undefined : await serve(program, { sse: wire === 'sse' });
const target = server ? [server.url, '--transport', wire] : [program];

const home = mkdtempSync(join(tmpdir(), 'inspector-')); // the Inspector writes its catalog there
process.on('exit', () => rmSync(home, { recursive: true }));
const run = promisify(execFile);

async function ask(method, ...options) {
    const args = [inspector, '--cli', ...target, '--method', method, ...options];
    const { stdout } = await run(process.execPath, args, { env: { ...process.env, HOME: home } });
    return JSON.parse(stdout);
}

const [tools, sum, resource, prompt] = await Promise.all([
    ask('tools/list'),
    ask('tools/call', '--tool-name', 'add_numbers', '--tool-arg', 'a=2', 'b=3'),
    ask('resources/read', '--uri', 'test://static-text'),
    ask('prompts/get', '--prompt-name', 'test_prompt_with_arguments', '--prompt-args', 'arg1=x', 'arg2=y')
]);
assert(tools.tools.some(tool => tool.name === 'add_numbers'));
assert.equal(sum.content[0].text, '5');
assert.equal(resource.contents[0].text, 'This is the content of the static text resource.');
assert.equal(prompt.messages[0].content.text, "Prompt with arguments: arg1='x', arg2='y'");
await server?.stop();
console.log('ok');
process.exit(0);
