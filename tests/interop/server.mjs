// Starts the everything server, so that a client of any kind can be told where it is.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const ssePath = '/legacy';

/**
 * Serves HTTP on a free port. Returns {url, stop}; with `sse`, the URL is that of the transport of
 * 2024-11-05. `settings` are further options. `stop` ends the server, which must exit with status 0.
 */
export async function serve(program, { sse = false, settings = [] } = {}) {
    const args = ['--transport', 'http', '--port', '0', ...settings];
    if (sse) args.push('--http-sse', ssePath);
    const server = spawn(program, args, { stdio: ['ignore', 'inherit', 'pipe'] });
    process.on('exit', () => server.kill('SIGKILL'));
    let url;
    for await (const line of createInterface({ input: server.stderr })) {
        url = line.match(/http:\/\/\S+/)?.[0];
        if (url) break;
    }
    server.stderr.resume();
    const stop = async () => {
        server.kill('SIGTERM');
        const [code] = await once(server, 'exit');
        assert.equal(code, 0, 'the server stops gracefully');
    };
    return { url: sse ? String(new URL(`${ssePath}/sse`, url)) : url, stop };
}
