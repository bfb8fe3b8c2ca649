// A page in Chromium, of another origin than the server, runs whole sessions with the TypeScript
// client: browser_page.mjs.
//   node browser.mjs PATH_OF_CHROMIUM PATH_OF_SERVER

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { serve } from './server.mjs';

const [chromium, program] = process.argv.slice(2);
const modules = '/node_modules';
const imports = {
    '@modelcontextprotocol/client': `${modules}/@modelcontextprotocol/client/dist/index.mjs`,
    '@modelcontextprotocol/client/_shims': `${modules}/@modelcontextprotocol/client/dist/shimsBrowser.mjs`,
    '@modelcontextprotocol/core/internal': `${modules}/@modelcontextprotocol/core/dist/internal.mjs`,
    eventsource: `${modules}/eventsource/dist/index.js`,
    'eventsource-parser': `${modules}/eventsource-parser/dist/index.js`,
    'eventsource-parser/stream': `${modules}/eventsource-parser/dist/stream.js`,
    'pkce-challenge': `${modules}/pkce-challenge/dist/index.browser.js`,
    'zod/v4': `${modules}/zod/v4/index.js`
};

// ---- the site of the page

let servers;
let told;
const report = new Promise(resolve => (told = resolve));
const site = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://site');
    if (pathname === '/') {
        response.setHeader('Content-Type', 'text/html');
        response.end(`<script type="importmap">${JSON.stringify({ imports })}</script>
            <script>addEventListener('error', event => fetch('/report', { method: 'POST', body: event.message }));</script>
            <script type="module">
                import { run } from '/browser_page.mjs';
                const report = await run(${JSON.stringify(servers)}).then(() => 'ok', error => error.stack);
                await fetch('/report', { method: 'POST', body: report });
            </script>`);
    } else if (pathname === '/report') {
        let body = '';
        for await (const part of request) body += part;
        response.end();
        told(body);
    } else {
        response.setHeader('Content-Type', 'text/javascript');
        createReadStream(fileURLToPath(new URL(`.${pathname}`, import.meta.url)))
            .on('error', () => response.writeHead(404).end())
            .pipe(response);
    }
});
site.listen(0, '127.0.0.1');
await once(site, 'listening');
const origin = `http://pages.example:${site.address().port}`;

// ---- the servers: one that accepts the origin, and one that does not

const open = await serve(program, { sse: true, settings: ['--cors-origins', origin] });
const closed = await serve(program);
servers = {
    http: new URL('/mcp', open.url),
    sse: open.url,
    closed: closed.url
};

const profile = mkdtempSync(`${tmpdir()}/asio-mcp-chromium-`);
const browser = spawn(
    chromium,
    ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', `--user-data-dir=${profile}`,
        '--host-resolver-rules=MAP pages.example 127.0.0.1', `${origin}/`],
    { stdio: 'ignore' });
process.on('exit', () => {
    browser.kill('SIGKILL');
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
});

const ended = once(browser, 'exit').then(([code]) => `Chromium has ended with status ${code}`);
assert.equal(await Promise.race([report, ended]), 'ok');
browser.kill('SIGTERM');
await ended;
await open.stop();
await closed.stop();
console.log('ok');
process.exit(0);
