// A WebSocket client and an MCP client at once, on examples/websocket_beside.cpp.
//   node websocket.mjs PATH_OF_SERVER

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from './clients.mjs';
import { serve } from './server.mjs';

const server = await serve(process.argv[2]);
const socket = new WebSocket(server.url.replace(/^http/, 'ws').replace(/mcp$/, 'echo'));
await once(socket, 'open');
const { client, call } = await connect('v2', 'auto', server, {}, {});
for (const message of ['one', 'two']) {
    socket.send(message);
    const [answer] = await once(socket, 'message');
    assert.equal(answer.data, message);
    assert.equal((await call('add', { a: 2, b: 3 })).content[0].text, '5');
}
await client.close();
const closed = once(socket, 'close');
socket.close(1000);
assert.equal((await closed)[0].code, 1000);
const refused = await fetch(server.url.replace(/mcp$/, 'echo'));
assert.equal(refused.status, 426);
await server.stop();
console.log('ok');
process.exit(0);
