import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TouchGestures } from './touchGestures';

describe('fingers', () => {
  let said: string[];
  let fingers: TouchGestures;

  beforeEach(() => {
    said = [];
    fingers = new TouchGestures({
      pan: (dx, dy) => said.push(`pan ${dx} ${dy}`),
      zoomAt: (at, factor) => said.push(`zoom ${at.join(',')} ${factor}`),
      cancel: () => said.push('cancel'),
      undo: () => said.push('undo'),
      redo: () => said.push('redo'),
      menu: () => said.push('menu'),
    });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  function tap(count: number, until: number): void {
    for (let id = 0; id < count; id++) fingers.down(id, [100 * id, 0], 0);
    for (let id = 0; id < count; id++) fingers.up(id, until);
  }

  it('undo with two and redo with three', () => {
    tap(2, 150);
    tap(3, 150);
    expect(said.filter((word) => word !== 'cancel')).toEqual(['undo', 'redo']);
  });

  it('mean nothing when they stay long or are one', () => {
    tap(2, 900);
    tap(1, 100);
    expect(said).toEqual(['cancel']);
  });

  it('pinch about their middle and then undo nothing', () => {
    fingers.down(1, [0, 0], 0);
    fingers.down(2, [100, 0], 10);
    expect(fingers.move(2, [200, 0], false)).toBe(true);
    expect(said).toEqual(['cancel', 'pan 50 0', 'zoom 100,0 2']);
    expect(fingers.up(1, 50)).toBe(true);
    expect(fingers.up(2, 60)).toBe(true);
    expect(said).toHaveLength(3);
  });

  it('draw one by one, and pan beside a pen', () => {
    fingers.down(1, [0, 0], 0);
    expect(fingers.move(1, [50, 0], false)).toBe(false);
    expect(fingers.move(1, [70, 5], true)).toBe(true);
    expect(said).toEqual(['pan 20 5']);
    fingers.dispose();
  });

  it('ask for a menu by staying, unless they draw or stray', () => {
    vi.useFakeTimers();
    fingers.down(1, [0, 0], 0);
    fingers.move(1, [4, 4], false);
    vi.advanceTimersByTime(500);
    expect(said).toEqual(['cancel', 'menu']);
    expect(fingers.up(1, 600)).toBe(true);
    fingers.down(1, [0, 0], 1000);
    fingers.move(1, [40, 0], false);
    vi.advanceTimersByTime(500);
    expect(fingers.up(1, 1600)).toBe(false);
    fingers.down(1, [0, 0], 2000, false);
    vi.advanceTimersByTime(500);
    expect(said).toHaveLength(2);
  });
});
