/** Objects go to other images, or come from one, over the routes that anybody may use. */
import type { QueryClient } from '@tanstack/react-query';
import type { Editor } from '@/editor/editor';
import { clipOf, land, type Clip } from '@/editor/objects/clipboard';
import { pasteClip } from '@/editor/objects/clipboardUse';
import { takesShape } from '@/editor/labels';
import { t } from '@/i18n/i18n';
import { uuidv7 } from '@/kernel/ids';
import type { Annotation, Operation } from '@/kernel/records';
import type { Asset } from '@/net/api';
import { listAssetsBeyond } from '@/net/galleryRoutes';
import { AssetRequests } from '@/net/sessionRequests';
import { galleryQuery } from '../../assets/gallerySearch';
import { cursorOf, galleryOf, keptQueue, type Walk } from '../../assets/walk';
import { thoseThere } from '../stillThere';

const kBatch = 500;

/** The images after this one, in the order in which one goes through them. */
export async function followingAssets(
  client: QueryClient,
  { projectId, asset, walk, count }: Following,
): Promise<readonly Asset[]> {
  const queue = walk.queue ? keptQueue(projectId) : [];
  const place = queue.indexOf(asset.id);
  if (place >= 0) return thoseThere(client, queue.slice(place + 1), count);
  const { sort } = walk;
  const from = { cursor: cursorOf(asset, sort), skip: 0 };
  const query = galleryQuery(galleryOf(walk));
  return (await listAssetsBeyond(projectId, query, from, count)).items;
}

export interface Following {
  projectId: string;
  asset: Asset;
  walk: Walk;
  count: number;
}

/** Copies of `clip` for another image; masks only fit images of the same size. */
function copiesFor(editor: Editor, clip: Clip, asset: Asset): Annotation[] {
  return land(clip, {
    labels: editor.labels.get(),
    size: { width: asset.width, height: asset.height },
    fallback: (shape) => editor.labelFor(shape),
    takes: takesShape,
  }).copies;
}

/** Returns how many objects were written. @throws TransportError */
export async function copyTo(editor: Editor, clip: Clip, asset: Asset): Promise<number> {
  const copies = copiesFor(editor, clip, asset);
  const requests = new AssetRequests(asset.id);
  const { revision, items } = await requests.load();
  const fresh = copies.filter((copy) => !items.some((item) => isTwin(item, copy)));
  const step = uuidv7();
  for (let from = 0; from < fresh.length; from += kBatch) {
    const operations = fresh
      .slice(from, from + kBatch)
      .map((annotation): Operation => ({ op: 'put', id: uuidv7(), step, annotation }));
    await requests.post({ n: 0, base: revision, operations });
  }
  return fresh.length;
}

/** Repeating twice must not pile up copies. */
function isTwin(a: Annotation, b: Annotation): boolean {
  return a.label_id === b.label_id && JSON.stringify(a.shape) === JSON.stringify(b.shape);
}

/** Brings the objects of another image here; returns how many. @throws TransportError */
export async function bringFrom(editor: Editor, assetId: string): Promise<number> {
  const { items } = await new AssetRequests(assetId).load();
  const here = editor.store.ordered().map((entry) => entry.annotation);
  const fresh = items.filter((item) => !here.some((one) => isTwin(one, item)));
  if (fresh.length === 0) return 0;
  const clip = clipOf(fresh, editor.labels.get(), null);
  return pasteClip(editor, clip, 0, t('objects.steps.repeat')).length;
}
