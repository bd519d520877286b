import { describe, expect, it } from 'vitest';
import type { LiveMember } from '../net/liveTypes';
import { Company } from './company';
import { Follower } from './follow';
import { View } from './view';

const ana = { id: 'u1', name: 'Ana', color: '#E11D48' };
const bo = { id: 'u2', name: 'Bo', color: '#1D4ED8' };

function member(s: string, user = ana, more: Partial<LiveMember> = {}): LiveMember {
  return { s, user, cursor: null, selection: [], tool: 'select', view: null, frame: null, ...more };
}

function company() {
  const clock = { now: 0 };
  const subject = new Company(() => clock.now);
  subject.onConnection('live');
  const welcome = { session: 'me', user: bo, can_write: true, members: [], locks: [] };
  subject.onWelcome(welcome);
  return { subject, clock };
}

describe('the company', () => {
  it('leaves out oneself and tells who comes and goes', () => {
    const { subject } = company();
    subject.onPresence([member('me', bo), member('a')], []);
    expect(subject.people.get().map((person) => person.name)).toEqual(['Ana']);
    subject.onPresence([], ['a']);
    expect(subject.people.get()).toEqual([]);
  });

  it('does not tell React of a moving cursor', () => {
    const { subject } = company();
    subject.onPresence([member('a', ana, { cursor: [1, 1] })], []);
    let told = 0;
    let drawn = 0;
    subject.people.subscribe(() => told++);
    subject.moved.subscribe(() => drawn++);
    for (let x = 2; x < 50; x++) subject.onPresence([member('a', ana, { cursor: [x, 1] })], []);
    expect([told, drawn]).toEqual([0, 48]);
  });

  it('keeps the cursor of a person gliding from report to report', () => {
    const { subject, clock } = company();
    subject.onPresence([member('a', ana, { cursor: [0, 0] })], []);
    clock.now = 100;
    subject.onPresence([member('a', ana, { cursor: [120, 0] })], []);
    expect(subject.presence('a')?.cursor?.at(160)).toEqual([60, 0]);
  });

  it('names who holds an object until they let go or leave', () => {
    const { subject } = company();
    subject.onPresence([member('a')], []);
    subject.onLocks([
      { target: 'x', s: 'a' },
      { target: 'y', s: 'me' },
    ]);
    const held = subject.held().map(({ target, person }) => [target, person.name]);
    expect(held).toEqual([['x', 'Ana']]);
    subject.onPresence([], ['a']);
    expect(subject.holderOf('x')).toBeNull();
  });

  it('shows nobody over a broken line', () => {
    const { subject } = company();
    subject.onPresence([member('a')], []);
    subject.following.set('a');
    subject.onConnection('reconnecting');
    expect(subject.people.get()).toEqual([]);
    expect(subject.following.get()).toBeNull();
  });
});

describe('following', () => {
  function views() {
    const { subject } = company();
    const view = new View();
    view.setImage({ width: 1000, height: 800 });
    view.setStage({ width: 800, height: 600 }, { top: 0, right: 0, bottom: 0, left: 0 });
    subject.onPresence([member('a', ana, { view: [250, 200, 2] })], []);
    return { subject, view, follower: new Follower(view, subject, () => false) };
  }

  it('arrives at the middle and scale of the other, in steps', () => {
    const { subject, view, follower } = views();
    subject.following.set('a');
    let steps = 0;
    while (follower.step(steps * 16.7) && steps < 300) steps++;
    expect(steps).toBeGreaterThan(5);
    expect(view.shown()).toEqual([250, 200, 2]);
    expect(subject.following.get()).toBe('a');
  });

  it('goes at once for those who asked for less motion', () => {
    const { subject, view } = views();
    const follower = new Follower(view, subject, () => true);
    subject.following.set('a');
    expect(follower.step(0)).toBe(false);
    expect(view.shown()).toEqual([250, 200, 2]);
  });

  it('ends with a pan of one’s own, and with the other’s leaving', () => {
    const { subject, view, follower } = views();
    subject.following.set('a');
    follower.step(0);
    view.pan(5, 0);
    expect(subject.following.get()).toBeNull();
    const before = view.camera.get();
    expect(follower.step(16)).toBe(false);
    expect(view.camera.get()).toBe(before);
    subject.following.set('a');
    subject.onPresence([], ['a']);
    expect(subject.following.get()).toBeNull();
  });

  it('shows the same in a window of another size', () => {
    const { view } = views();
    view.camera.set(view.cameraFor([250, 200, 2]));
    const other = new View();
    other.setImage({ width: 1000, height: 800 });
    other.setStage({ width: 500, height: 900 }, { top: 60, right: 20, bottom: 0, left: 40 });
    other.camera.set(other.cameraFor(view.shown()));
    expect(other.shown()).toEqual(view.shown());
  });
});
