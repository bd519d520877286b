const gap = 12;
const captionHeight = 44;
const imageShare = 0.72;
// Two columns on a phone.
const narrowWidthMax = 600;
const narrowCell = 150;

export const tileSizes = { min: 120, max: 360, usual: 196 };

export interface GridLayout {
  columns: number;
  /** With the gap below. */
  rowHeight: number;
  gap: number;
}

/** As many columns as fit, of cells at least so wide. */
export function gridLayout(width: number, tile: number): GridLayout {
  const least = width < narrowWidthMax ? Math.min(tile, narrowCell) : tile;
  const columns = Math.max(1, Math.floor((width + gap) / (least + gap)));
  const cell = (width - gap * (columns - 1)) / columns;
  return { columns, rowHeight: Math.round(cell * imageShare) + captionHeight + gap, gap };
}
