/** Looks at the image's pixels away from the page. */
import { loadVision } from '../kernel/vision';
import { VisionDesk, type VisionReply, type VisionRequest } from '../kernel/visionDesk';
import { drawEdges, drawPart } from './visionPictures';

export interface VisionCall {
  sequence: number;
  request: VisionRequest;
}

export interface VisionAnswer {
  sequence: number;
  reply?: VisionReply;
  error?: string;
}

const scope = self as unknown as {
  onmessage: ((event: MessageEvent<VisionCall>) => void) | null;
  postMessage(message: VisionAnswer, transfer: Transferable[]): void;
};

const desk = loadVision().then((vision) => new VisionDesk(vision));

function buffersOf(reply: VisionReply): Transferable[] {
  if (reply === null) return [];
  if (reply instanceof Int32Array) return [reply.buffer];
  if ('part' in reply) return [reply.part.bytes.buffer, ...(reply.picture ? [reply.picture] : [])];
  return [reply.labels.buffer, reply.boxes.buffer, ...(reply.edges ? [reply.edges] : [])];
}

async function answer(open: VisionDesk, request: VisionRequest): Promise<VisionReply> {
  const reply = open.answer(request);
  if (reply === null || reply instanceof Int32Array) return reply;
  if ('labels' in reply) return { ...reply, edges: await drawEdges(reply) };
  const color = request.kind === 'wand' ? request.color : '#000000';
  return { ...reply, picture: await drawPart(reply.part, color) };
}

scope.onmessage = ({ data: { sequence, request } }) => {
  desk
    .then((open) => answer(open, request))
    .then((reply) => scope.postMessage({ sequence, reply }, buffersOf(reply)))
    .catch((error: unknown) => {
      const text = error instanceof Error ? error.message : String(error);
      scope.postMessage({ sequence, error: text }, []);
    });
};
