// The program `mcp` is authorized by an authorization server of other people, for a server whose
// tokens that one signs: examples/auth_jwt.cpp. The user signs in, and consents or refuses, on the
// pages of the authorization server.
//   node authorization.mjs PATH_OF_MCP PATH_OF_SERVER

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Provider, errors } from 'oidc-provider';
import { freePort, serve } from './server.mjs';

const [program, protectedServer] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'authorization-'));
process.on('exit', () => rmSync(folder, { recursive: true }));

// ---- the authorization server

const site = createServer().listen(0, '127.0.0.1');
await once(site, 'listening');
const issuer = `http://127.0.0.1:${site.address().port}`;
const resource = `http://127.0.0.1:${await freePort()}/mcp`;
const secret = 'a secret of the desk';
let lifetime = 3600; // of the next access tokens, in seconds

console.warn = console.info = () => {}; // its advice for production
const provider = new Provider(issuer, {
    clients: [{
        client_id: 'desk',
        client_secret: secret,
        application_type: 'native',
        redirect_uris: ['http://127.0.0.1/callback'],
        grant_types: ['authorization_code', 'refresh_token']
    }],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    cookies: { keys: ['a key of the cookies'] },
    features: {
        registration: { enabled: true },
        resourceIndicators: {
            enabled: true,
            getResourceServerInfo(context, wanted) {
                if (wanted !== resource) throw new errors.InvalidTarget();
                const jwt = { sign: { alg: 'ES256' } };
                return { scope: 'door', audience: resource, accessTokenTTL: lifetime, accessTokenFormat: 'jwt', jwt };
            }
        }
    },
    issueRefreshToken: (context, client) => client.grantTypeAllowed('refresh_token'),
    jwks: { keys: [generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })] }
});

const grants = []; // each as `TYPE CLIENT`; with an error, that is first
let registered = 0;
let last; // the id of the last grant
provider.on('registration_create.success', () => ++registered);
provider.on('grant.success', ({ oidc }) => {
    grants.push(`${oidc.params.grant_type} ${oidc.client.clientId}`);
    last = oidc.entities.Grant.jti;
});
provider.on('grant.error', ({ oidc }, error) => grants.push(`${error.error} ${oidc.params.grant_type}`));
site.on('request', provider.callback());

// ---- the user

/** A browser: follows redirects, and keeps the cookies of the authorization server. */
class Browser {
    cookies = new Map();

    /** Returns the page, and where it is. */
    async open(url, form) {
        const headers = new URL(url).origin === issuer
            ? { cookie: [...this.cookies].map(each => each.join('=')).join('; ') }
            : {};
        const method = form ? 'POST' : 'GET';
        const response = await fetch(url, { method, headers, body: form, redirect: 'manual' });
        for (const cookie of response.headers.getSetCookie()) {
            const [, name, value] = cookie.match(/^([^=]+)=([^;]*)/);
            if (value) this.cookies.set(name, value);
            else this.cookies.delete(name);
        }
        const next = response.headers.get('location');
        if (next) return this.open(new URL(next, url));
        return { url: new URL(url), text: await response.text() };
    }
}

const title = page => page.text.match(/<h1>(.*?)<\/h1>/)?.[1] ?? page.text;

/** Makes a user, who does `deeds` on the pages that the program shows, one after the other. */
function makeUser(name) {
    const browser = new Browser();
    return async (url, deeds) => {
        const asked = new URL(url).searchParams;
        assert.equal(asked.get('code_challenge_method'), 'S256');
        assert.equal(asked.get('resource'), resource);
        let page = await browser.open(url);
        for (const deed of deeds) {
            if (deed === 'refuse') {
                page = await browser.open(page.text.match(/href="([^"]*\/abort)"/)[1]);
                continue;
            }
            assert.equal(title(page), deed === 'sign in' ? 'Sign-in' : 'Authorize');
            const prompt = deed === 'sign in' ? 'login' : 'consent';
            const form = new URLSearchParams({ prompt, login: name, password: 'any' });
            page = await browser.open(page.text.match(/action="([^"]*)"/)[1], form);
        }
        assert.equal(page.url.origin + page.url.pathname, asked.get('redirect_uri'), title(page));
        assert.equal(page.url.searchParams.get('iss'), issuer);
        assert.match(page.text, /close this window/);
    };
}

// ---- the program

/** Returns the tokens that the program has kept in a home. */
const kept = home => JSON.parse(readFileSync(join(folder, home, 'asio-mcp/tokens.json'), 'utf8'))[resource];

/** Waits until the access token that the program has kept is no longer good. */
const expired = home => new Promise(next => setTimeout(next, new Date(kept(home).expires) - Date.now()));

let child;
process.on('exit', () => child?.kill('SIGKILL'));

/** Calls a tool. `user` does `deeds`; without one, nobody is to be asked. */
async function call(tool, { home, user, deeds, options = [], clientSecret = '' }) {
    const env = { ...process.env, XDG_DATA_HOME: join(folder, home), MCP_CLIENT_SECRET: clientSecret };
    // This authorization server wants a scope always; the MCP server names one for the door only.
    const args = ['call', resource, tool, '--oauth', '--scope', 'openid', ...options];
    child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(child, 'close');
    let out = '';
    child.stdout.setEncoding('utf8').on('data', text => (out += text));
    const complaints = [];
    let asked = 0;
    for await (const line of createInterface({ input: child.stderr })) {
        if (line.startsWith('http')) {
            assert(user, 'nobody is to be asked');
            await user(line, deeds);
            ++asked;
        } else if (!line.startsWith('Open this page')) complaints.push(line);
    }
    const [code] = await ended;
    assert.equal(asked, user ? 1 : 0, complaints.join('\n'));
    return { code, out: out.trim(), complaint: complaints.join('\n') };
}

/** Returns the grants since the last time, repeated ones once: a slow machine refreshes again. */
const newGrants = () => [...new Set(grants.splice(0))];

const words = [issuer, resource, `${issuer}/jwks`];
const server = await serve(protectedServer, { port: new URL(resource).port, words, cwd: folder });
assert.equal(server.url, resource);
const success = out => ({ code: 0, out, complaint: '' });

console.log('- first authorization');
const ada = makeUser('ada');
const both = ['sign in', 'consent'];
assert.deepEqual(await call('whoami', { home: 'a', user: ada, deeds: both }), success('ada'));
assert.equal(registered, 1);
const id = kept('a').client_id;
assert.deepEqual(newGrants(), [`authorization_code ${id}`]);
assert.equal(statSync(join(folder, 'a/asio-mcp/tokens.json')).mode & 0o777, 0o600);

console.log('- the tokens are kept');
assert.deepEqual(await call('whoami', { home: 'a' }), success('ada'));
assert.deepEqual(newGrants(), []);

console.log('- one more scope');
lifetime = 10;
assert.deepEqual(await call('open_door', { home: 'a', user: ada, deeds: ['consent'] }), success('It is open.'));
assert.deepEqual(newGrants(), [`authorization_code ${id}`]);
assert(kept('a').scope.split(' ').includes('door'));

console.log('- a token that expires soon, and one that has expired');
lifetime = 1;
for (const wait of [() => {}, expired]) {
    await wait('a');
    assert.deepEqual(await call('open_door', { home: 'a' }), success('It is open.'));
    assert.deepEqual(newGrants(), [`refresh_token ${id}`]);
}

console.log('- an authorization that has been withdrawn');
await provider.RefreshToken.revokeByGrantId(last);
await expired('a');
lifetime = 3600;
assert.deepEqual(await call('open_door', { home: 'a', user: ada, deeds: ['consent'] }), success('It is open.'));
assert.deepEqual(newGrants(), ['invalid_grant refresh_token', `authorization_code ${id}`]);
assert.equal(registered, 1);

console.log('- a user who refuses');
for (const [home, deeds] of [['b', ['refuse']], ['c', ['sign in', 'refuse']]]) {
    const { code, out, complaint } = await call('whoami', { home, user: makeUser('eve'), deeds });
    assert.equal(code, 3);
    assert.equal(out, '');
    assert.match(complaint, /^mcp: .*the user or the authorization server has refused the program/);
    assert.deepEqual(newGrants(), []);
}

console.log('- a client that is registered by hand');
registered = 0;
lifetime = 10;
const desk = { home: 'd', options: ['--client-id', 'desk'], clientSecret: secret };
assert.deepEqual(await call('whoami', { ...desk, user: ada, deeds: ['consent'] }), success('ada'));
assert.deepEqual(await call('whoami', desk), success('ada'));
assert.deepEqual(newGrants(), ['authorization_code desk', 'refresh_token desk']);
const wrong = await call('whoami', { ...desk, home: 'e', clientSecret: 'wrong', user: ada, deeds: ['consent'] });
assert.equal(wrong.code, 3);
assert.match(wrong.complaint, /the token endpoint answers invalid_client/);
assert.equal(registered, 0);

await server.stop();
site.close();
console.log('ok');
process.exit(0);
