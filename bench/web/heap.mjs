// What a page's heap holds, by kind, from a snapshot.

// Grows with each request as long as developer tools watch the page, as this driver's do.
const ofTheTools = /^blink::NetworkResourcesData/;

/**
 * Bytes of a page: its objects, what the browser keeps for them (nodes, pictures, buffers), and
 * machine code. The engine compiles what runs often again, to other code, and drops it when it
 * likes; that is nothing the page holds on to.
 */
export async function heapOf(session) {
  for (let i = 0; i < 3; ++i) await session.send('HeapProfiler.collectGarbage');
  const chunks = [];
  const take = ({ chunk }) => chunks.push(chunk);
  session.on('HeapProfiler.addHeapSnapshotChunk', take);
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  session.off('HeapProfiler.addHeapSnapshotChunk', take);
  const { snapshot, nodes, strings } = JSON.parse(chunks.join(''));
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, name, size] = ['type', 'name', 'self_size'].map((each) => fields.indexOf(each));
  const heap = { objects: 0, native: 0, code: 0 };
  for (let at = 0; at < nodes.length; at += fields.length) {
    const kind = types[type][nodes[at + type]];
    if (ofTheTools.test(strings[nodes[at + name]])) continue;
    heap[kind === 'code' || kind === 'native' ? kind : 'objects'] += nodes[at + size];
  }
  return heap;
}
