import type { Rect } from '../editor/camera';
import type { View } from '../editor/view';

/** A quarter of what is seen, in its middle, on the image: where a shape goes without a pointer. */
export function defaultRect(view: View): Rect {
  const stage = view.stage.get();
  const image = view.image.get();
  const [cx, cy] = view.clampToImage(view.toImage([stage.width / 2, stage.height / 2]));
  const width = Math.min(image.width, view.reach(stage.width / 4));
  const height = Math.min(image.height, view.reach(stage.height / 4));
  return {
    x: Math.round(Math.min(image.width - width, Math.max(0, cx - width / 2))),
    y: Math.round(Math.min(image.height - height, Math.max(0, cy - height / 2))),
    width: Math.round(width),
    height: Math.round(height),
  };
}
