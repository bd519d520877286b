// What runs inside the page: camera motion, clicks and drags through the test handle, timed.

// Frames while `camera(i)` is set before each; script is our own, from the camera's listeners to
// the end of the drawing.
export function motion({ frames, kind }) {
  const { editor, stage } = window.__annotate;
  const { view } = editor;
  const middle = [640, 360];
  const moves = {
    pan: (i) => view.pan(i % 40 < 20 ? 9 : -9, i % 20 < 10 ? 5 : -5),
    zoom: (i) => view.zoomAt(middle, i % 40 < 20 ? 1.05 : 1 / 1.05),
  };
  // As the wheel and a drag do: glass rests while things move.
  document.documentElement.dataset.interacting = '';
  return new Promise((resolve) => {
    const intervals = [];
    const script = [];
    const long = [];
    const watch = new PerformanceObserver((list) =>
      long.push(...list.getEntries().map((entry) => entry.duration)),
    );
    watch.observe({ type: 'long-animation-frame' });
    let last = null;
    let i = 0;
    let waiting = null;
    const step = (time) => {
      if (waiting !== null) script.push(waiting + stage.stats.lastFrameMs);
      if (last !== null) intervals.push(time - last);
      last = time;
      if (i === frames) {
        watch.disconnect();
        delete document.documentElement.dataset.interacting;
        return resolve({ intervals: intervals.slice(2), script: script.slice(2), long });
      }
      const from = performance.now();
      moves[kind](i++);
      waiting = performance.now() - from;
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
}

// From the press to the frame that shows the selection.
export async function clicks({ count }) {
  const { editor } = window.__annotate;
  const canvas = document.querySelector('[data-testid=canvas]');
  const entries = editor.store.ordered();
  const times = [];
  let missed = 0;
  for (let i = 0; i < count; ++i) {
    const entry = entries[Math.floor(((i + 0.5) * entries.length) / count)];
    const [x0, y0, x1, y1] = entry.outline.bounds;
    const [clientX, clientY] = editor.view.toScreen([(x0 + x1) / 2, (y0 + y1) / 2]);
    const event = (buttons) => ({
      clientX,
      clientY,
      button: 0,
      buttons,
      bubbles: true,
      pointerId: 1,
      pointerType: 'mouse',
    });
    await new Promise((done) => requestAnimationFrame(done));
    const from = performance.now();
    canvas.dispatchEvent(new PointerEvent('pointermove', event(0)));
    canvas.dispatchEvent(new PointerEvent('pointerdown', event(1)));
    canvas.dispatchEvent(new PointerEvent('pointerup', event(0)));
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
    times.push(performance.now() - from);
    if (editor.selection.get().size !== 1) missed += 1;
  }
  return { times, missed };
}

// Drags a vertex of one object about, one move a frame: what a frame and its script take.
export async function vertexDrag({ frames }) {
  const { editor, stage } = window.__annotate;
  const canvas = document.querySelector('[data-testid=canvas]');
  const { width, height } = editor.view.image.get();
  const near = editor.store.ordered().find(
    ({
      outline: {
        bounds: [x0, y0],
      },
    }) => Math.abs(x0 - width / 2) < 300 && Math.abs(y0 - height / 2) < 300,
  );
  const id = near.annotation.id;
  editor.select([id]);
  const [x, y] = near.outline.paths[0].points;
  const [u, v] = editor.view.toScreen([x, y]);
  const fire = (type, dx, dy, buttons) =>
    canvas.dispatchEvent(
      new PointerEvent(type, {
        clientX: u + dx,
        clientY: v + dy,
        button: 0,
        buttons,
        bubbles: true,
        pointerId: 1,
        pointerType: 'mouse',
      }),
    );
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  await frame();
  fire('pointermove', 0, 0, 0);
  fire('pointerdown', 0, 0, 1);
  const intervals = [];
  const script = [];
  let last = await frame();
  for (let i = 1; i <= frames; ++i) {
    const from = performance.now();
    fire('pointermove', 12 * Math.sin(i / 6), 12 * Math.cos(i / 6), 1);
    const handled = performance.now() - from;
    const now = await frame();
    intervals.push(now - last);
    script.push(handled + stage.stats.lastFrameMs);
    last = now;
  }
  const dragged = editor.overlay.get().replaced.has(id);
  const from = performance.now();
  fire('pointerup', 0, 0, 0);
  const release = performance.now() - from;
  return { intervals: intervals.slice(2), script: script.slice(2), dragged, release };
}

// The same polygons as SVG nodes, moved by the viewport's transform.
export function svgScene({ rings, width, height, frames }) {
  document.body.innerHTML = '';
  const ns = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(ns, 'svg');
  svg.setAttribute('width', '1280');
  svg.setAttribute('height', '720');
  const group = document.createElementNS(ns, 'g');
  for (const ring of rings) {
    const polygon = document.createElementNS(ns, 'polygon');
    polygon.setAttribute('points', ring.map((point) => point.join(',')).join(' '));
    polygon.setAttribute('fill', 'rgba(82,169,254,.2)');
    polygon.setAttribute('stroke', '#52A9FE');
    polygon.setAttribute('vector-effect', 'non-scaling-stroke');
    group.append(polygon);
  }
  svg.append(group);
  document.body.append(svg);
  const fit = Math.min(1280 / width, 720 / height);
  return new Promise((resolve) => {
    const intervals = [];
    let last = null;
    let i = 0;
    const step = (time) => {
      if (last !== null) intervals.push(time - last);
      last = time;
      if (i === frames) return resolve(intervals.slice(2));
      const shift = 9 * (i % 40 < 20 ? i % 20 : 20 - (i % 20));
      group.setAttribute('transform', `translate(${shift} ${shift / 2}) scale(${fit})`);
      i += 1;
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
}

// Goes to and fro among `images` by keys, on from the step `first`. It runs inside the page as a
// whole, since each call from outside leaves a record of itself in the heap.
export async function switchImages({ first, count, images }) {
  const there = () => Boolean(window.__annotate);
  for (let at = first; at < first + count; ++at) {
    const forward = Math.floor(at / (images - 1)) % 2 === 0;
    const before = location.pathname;
    const key = forward ? 'f' : 'd';
    const init = { key, code: `Key${key.toUpperCase()}`, bubbles: true, cancelable: true };
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', init));
    document.activeElement.dispatchEvent(new KeyboardEvent('keyup', init));
    while (location.pathname === before || !there()) {
      await new Promise((done) => setTimeout(done, 8));
    }
    await window.__annotate.idle();
  }
}
