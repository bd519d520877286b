import { expect, it } from 'vitest';
import { crossesItself } from './crossing';

const ring = (...points: number[]) => new Float32Array(points);

it('sees a bow tie', () => expect(crossesItself(ring(0, 0, 10, 10, 10, 0, 0, 10))).toBe(true));

it('sees a crossing whatever vertex the ring begins with, and in either direction', () => {
  const points = [0, 0, 20, 0, 20, 10, 5, -5, 0, 10];
  for (let turn = 0; turn < points.length; turn += 2) {
    const turned = [...points.slice(turn), ...points.slice(0, turn)];
    expect(crossesItself(ring(...turned))).toBe(true);
    const pairs = Array.from({ length: turned.length / 2 }, (_, i) =>
      turned.slice(2 * i, 2 * i + 2),
    );
    expect(crossesItself(ring(...pairs.reverse().flat()))).toBe(true);
  }
});

it('lets simple rings and rings that touch themselves be', () => {
  expect(crossesItself(ring(0, 0, 10, 0, 10, 10, 0, 10))).toBe(false);
  expect(crossesItself(ring(0, 0, 10, 0, 5, 5, 10, 10, 0, 10, 5, 5))).toBe(false);
  const star = Array.from({ length: 400 }, (_, i) => {
    const radius = i % 2 ? 40 : 90;
    const angle = (2 * Math.PI * i) / 400;
    return [100 + radius * Math.cos(angle), 100 + radius * Math.sin(angle)];
  }).flat();
  expect(crossesItself(ring(...star))).toBe(false);
});
