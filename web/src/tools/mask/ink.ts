/** Pictures of pixels that a gesture is about to add or erase. */

/** As a selected mask is filled. */
export const kFillAlpha = 0.4;

type Matrix = DOMMatrix2DInit | DOMMatrix;

/**
 * Under `place` the picture's pixels replace what is below; with `alpha` 0 they clear it. The
 * overlay's canvas holds the mask that is painted, so that it is seen as it will be.
 */
export function drawInk(
  context: CanvasRenderingContext2D,
  picture: CanvasImageSource,
  place: Matrix,
  alpha: number,
): void {
  context.save();
  context.imageSmoothingEnabled = false;
  context.setTransform(place);
  context.globalCompositeOperation = 'destination-out';
  context.drawImage(picture, 0, 0);
  if (alpha > 0) {
    context.globalCompositeOperation = 'source-over';
    context.globalAlpha = alpha;
    context.drawImage(picture, 0, 0);
  }
  context.restore();
}
