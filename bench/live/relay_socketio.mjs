// The obvious alternative: a Socket.IO server with rooms. Nothing stored.
// usage: node --expose-gc relay_socketio.mjs; prints its port; ends with its input
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const { Server } = require('socket.io');

const server = createServer();
const io = new Server(server, { transports: ['websocket'], serveClient: false });
let heard = 0;
io.on('connection', (socket) => {
  const { room } = socket.handshake.query;
  socket.join(room);
  socket.on('m', (message) => {
    heard += 1;
    socket.to(room).emit('m', message);
  });
});
// While nobody speaks its garbage goes, so that its memory is what it needs.
let before = 0;
setInterval(() => {
  if (heard === before) globalThis.gc();
  before = heard;
}, 1000);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit(0)).resume();
