/** What the page and the raster workers say to each other. */
import type { TilePlace } from './tileGrid';
import type { ShapePack } from './shapePack';

export type RasterRequest =
  | { type: 'sync'; reset: boolean; put: ShapePack; remove: string[] }
  | { type: 'exclude'; ids: string[] }
  | {
      type: 'tile';
      place: TilePlace;
      /** Device pixels an image pixel. */
      scale: number;
      devicePixels: number;
      fillAlpha: number;
      ticket: number;
    };

export interface RasterReply {
  ticket: number;
  /** Null where nothing is. */
  picture: ImageBitmap | null;
}
