// Starts the everything server, so that a client of any kind can be told where it is.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setDefaultCACertificates } from 'node:tls';

/** Makes a certificate of 127.0.0.1, which this process trusts. Returns the options of the server. */
function certificate() {
    const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
    process.on('exit', () => rmSync(folder, { recursive: true }));
    const [cert, key] = ['cert.pem', 'key.pem'].map(name => join(folder, name));
    const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=here';
    const names = ['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert];
    execFileSync('openssl', [...request.split(' '), ...names], { stdio: 'ignore' });
    setDefaultCACertificates([readFileSync(cert, 'utf8')]);
    return ['--tls-cert', cert, '--tls-key', key];
}

/** Returns a port that is free now, for a server that has to know its URL before it listens. */
export async function freePort() {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address();
    await new Promise(next => probe.close(next));
    return String(port);
}

/**
 * Serves HTTP on a free port. Returns {url, stop}; with `sse`, the URL is that of the transport of
 * 2024-11-05; with `tls`, it is https. `settings` are further options, `words` stand before all
 * options, `command` has all arguments of another program, and `cwd` is the folder of the server.
 * `stop` ends the server, which must exit with status 0.
 */
export async function serve(program, { sse = false, tls = false, port = '0', words = [], settings = [], command, cwd } = {}) {
    const args = command ?? [...words, '--transport', 'http', '--port', port, ...settings];
    if (sse) args.push('--http-sse', '/legacy');
    if (tls) args.push(...certificate());
    const server = spawn(program, args, { cwd, stdio: ['ignore', 'inherit', 'pipe'] });
    process.on('exit', () => server.kill('SIGKILL'));
    let url;
    for await (const line of createInterface({ input: server.stderr })) {
        url = line.match(/https?:\/\/\S+/)?.[0];
        if (url) break;
    }
    assert(url, `the server did not say where it is, after ${args.join(' ')}`);
    server.stderr.resume();
    const stop = async () => {
        server.kill('SIGTERM');
        const [code] = await once(server, 'exit');
        assert.equal(code, 0, 'the server stops gracefully');
    };
    return { url: sse ? String(new URL('/legacy/sse', url)) : url, stop };
}
