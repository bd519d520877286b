import { useEffect, useRef } from 'react';
import { axesOf, shownSize, visibleRect } from '@/editor/camera';
import type { Editor } from '@/editor/editor';
import { t } from '@/i18n/i18n';
import { thumbnailUrl } from '@/net/routes';
import { useSignal } from './useSignal';
import { useEditor, useWorkspace } from './workspace';
import './view.css';

const kSide = 180;

/** The whole image and what of it is seen, drawn beside React as the view moves. */
export function Minimap() {
  const { minimap } = useSignal(useEditor().look);
  return minimap ? <Map /> : null;
}

function Map() {
  const { editor, asset } = useWorkspace();
  const canvas = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const picture = new Image();
    const draw = () => canvas.current && drawMap(editor, canvas.current, picture);
    picture.onload = draw;
    picture.src = thumbnailUrl(asset, 'large');
    const { view } = editor;
    const stops = [view.camera, view.stage].map((signal) => signal.subscribe(draw));
    draw();
    return () => {
      picture.onload = null;
      for (const stop of stops) stop();
    };
  }, [editor, asset]);

  const go = (event: React.PointerEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = toImage(editor, event.clientX - box.left, event.clientY - box.top);
    editor.view.centreOn(at);
  };
  return (
    <div className="minimap annotate-tool-glass">
      <canvas
        ref={canvas}
        role="img"
        aria-label={t('canvas.minimap')}
        data-testid="minimap"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          go(event);
        }}
        onPointerMove={(event) => event.buttons !== 0 && go(event)}
      />
    </div>
  );
}

function mapScale(editor: Editor): number {
  const { width, height } = editor.view.image.get();
  return kSide / Math.max(width, height);
}

/** The map's pixels to those of the image, turned as the view is. */
function toImage(editor: Editor, x: number, y: number): [number, number] {
  const image = editor.view.image.get();
  const camera = editor.view.camera.get();
  const [a, b, c, d] = axesOf(camera);
  const shown = shownSize(image, camera);
  const u = x / mapScale(editor) - shown.width / 2;
  const v = y / mapScale(editor) - shown.height / 2;
  return [a * u + b * v + image.width / 2, c * u + d * v + image.height / 2];
}

function drawMap(editor: Editor, canvas: HTMLCanvasElement, picture: HTMLImageElement): void {
  const image = editor.view.image.get();
  const camera = editor.view.camera.get();
  const shown = shownSize(image, camera);
  const scale = mapScale(editor);
  const pixels = window.devicePixelRatio || 1;
  const width = Math.max(1, Math.round(shown.width * scale));
  const height = Math.max(1, Math.round(shown.height * scale));
  canvas.width = width * pixels;
  canvas.height = height * pixels;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext('2d')!;
  const [a, b, c, d] = axesOf(camera);
  const by = scale * pixels;
  context.setTransform(a * by, b * by, c * by, d * by, canvas.width / 2, canvas.height / 2);
  context.translate(-image.width / 2, -image.height / 2);
  if (picture.complete && picture.naturalWidth > 0) {
    context.drawImage(picture, 0, 0, image.width, image.height);
  }
  const seen = visibleRect(camera, editor.view.stage.get());
  for (const [line, color] of [
    [4, 'rgb(11 16 32 / .8)'],
    [2, '#FFFFFF'],
  ] as const) {
    context.lineWidth = line / scale;
    context.strokeStyle = color;
    context.strokeRect(seen.x, seen.y, seen.width, seen.height);
  }
}
