/** The spaces a context can be in; all begin from device pixels. */
import { axesOf, type Camera } from '../editor/camera';

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

export function inDevicePixels(context: Context): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
}

/** CSS pixels of the stage. */
export function inScreen(context: Context, devicePixels: number): void {
  context.setTransform(devicePixels, 0, 0, devicePixels, 0, 0);
}

export function inImage(context: Context, camera: Camera, devicePixels: number): void {
  const [a, b, c, d] = axesOf(camera);
  const scale = camera.zoom * devicePixels;
  const { x, y } = camera;
  context.setTransform(
    a * scale,
    b * scale,
    c * scale,
    d * scale,
    x * devicePixels,
    y * devicePixels,
  );
}

/**
 * Device pixels counted from the image's origin along its own axes. The origin is a whole pixel:
 * what rests is never blurred by half of one.
 */
export function inImageDevice(context: Context, camera: Camera, devicePixels: number): void {
  const [a, b, c, d] = axesOf(camera);
  const x = Math.round(camera.x * devicePixels);
  const y = Math.round(camera.y * devicePixels);
  context.setTransform(a, b, c, d, x, y);
}
