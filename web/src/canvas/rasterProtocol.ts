/** What the page and the raster worker say to each other. */
import type { Camera } from '../editor/camera';
import type { Outline } from '../editor/outline';

export interface RasterShape {
  id: string;
  z: string;
  color: string;
  outline: Outline;
}

export type RasterRequest =
  | { type: 'sync'; reset: boolean; put: RasterShape[]; remove: string[] }
  | {
      type: 'render';
      sequence: number;
      /** Image to picture, in device pixels. */
      camera: Camera;
      width: number;
      height: number;
      devicePixels: number;
      excluded: string[];
    };

export interface RasterReply {
  sequence: number;
  picture: ImageBitmap;
}
