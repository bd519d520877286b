import { describe, expect, it } from 'vitest';
import { CursorTrack, kIdleMs } from './cursorTrack';

describe('a cursor of somebody else', () => {
  it('glides to where it was reported and stops there', () => {
    const track = new CursorTrack([0, 0], 0);
    track.report([120, 60], 100);
    expect(track.at(100)).toEqual([0, 0]);
    expect(track.at(160)).toEqual([60, 30]);
    expect(track.at(220)).toEqual([120, 60]);
    expect(track.at(5000)).toEqual([120, 60]);
  });

  it('turns from where it is, not from where it was going', () => {
    const track = new CursorTrack([0, 0], 0);
    track.report([120, 0], 100);
    track.report([60, 120], 160);
    expect(track.at(160)).toEqual([60, 0]);
    expect(track.at(220)).toEqual([60, 60]);
  });

  it('jumps after a silence', () => {
    const track = new CursorTrack([0, 0], 0);
    track.report([500, 500], 4000);
    expect(track.at(4000)).toEqual([500, 500]);
  });

  it('asks for frames only while it moves or fades, and is gone after its idle time', () => {
    const track = new CursorTrack([0, 0], 0);
    track.report([10, 0], 1000);
    expect(track.moving(1050)).toBe(true);
    expect(track.moving(1200)).toBe(false);
    expect(track.fadesAt(1200)).toBe(1000 + kIdleMs);
    expect(track.opacity(1000 + kIdleMs)).toBe(1);
    expect(track.moving(1000 + kIdleMs + 300)).toBe(true);
    expect(track.opacity(1000 + kIdleMs + 300)).toBeCloseTo(0.5);
    expect(track.opacity(1000 + kIdleMs + 700)).toBe(0);
    expect(track.moving(1000 + kIdleMs + 700)).toBe(false);
    expect(track.fadesAt(1000 + kIdleMs + 700)).toBeNull();
  });

  it('does not live on by saying the same place again', () => {
    const track = new CursorTrack([5, 5], 0);
    track.report([5, 5], 9000);
    expect(track.opacity(kIdleMs + 700)).toBe(0);
    track.report([6, 5], kIdleMs + 800);
    expect(track.opacity(kIdleMs + 900)).toBe(1);
  });
});
