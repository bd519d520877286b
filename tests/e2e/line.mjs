// A line between browser and server that a test can cut, and hold so that it seems to stand.
import net from 'node:net';

export class Line {
  static async open(port) {
    const line = new Line(port);
    await new Promise((ready) => line.server.listen(0, '127.0.0.1', ready));
    return line;
  }

  constructor(port) {
    this.pairs = new Set();
    this.down = false;
    this.held = false;
    this.server = net.createServer((near) => this.join(near, port));
  }

  get url() {
    return `http://127.0.0.1:${this.server.address().port}`;
  }

  join(near, port) {
    if (this.down) return near.destroy();
    const far = net.connect(port, '127.0.0.1');
    const pair = [near, far];
    this.pairs.add(pair);
    const end = () => {
      this.pairs.delete(pair);
      for (const socket of pair) socket.destroy();
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
    near.pipe(far).pipe(near);
    if (this.held) this.stopPair(pair);
  }

  stopPair([near, far]) {
    near.unpipe(far);
    far.unpipe(near);
    for (const socket of [near, far]) socket.pause();
  }

  // Nothing arrives on either side, and nobody is told.
  hold() {
    this.held = true;
    for (const pair of this.pairs) this.stopPair(pair);
  }

  release() {
    this.held = false;
    for (const [near, far] of this.pairs) near.pipe(far).pipe(near);
  }

  cut({ down = false } = {}) {
    this.down = down;
    for (const pair of this.pairs) for (const socket of pair) socket.destroy();
  }

  async close() {
    this.cut({ down: true });
    await new Promise((done) => this.server.close(done));
  }
}
