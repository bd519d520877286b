import { describe, expect, test } from 'vitest';
import { ApiError } from '@/net/http';
import { checkSignIn, readSignInFailure, safeNext } from './signIn';

const filled = { name: 'Ada', organization: 'Engines', email: 'ada@example.org', password: 'x' };

describe('checkSignIn', () => {
  test('accepts a filled form', () => {
    expect(checkSignIn(filled, true)).toEqual({});
  });

  test('name and organization are asked for only when registering', () => {
    const bare = { ...filled, name: ' ', organization: '' };
    expect(Object.keys(checkSignIn(bare, false))).toEqual([]);
    expect(Object.keys(checkSignIn(bare, true))).toEqual(['name', 'organization']);
  });

  test.each(['', 'ada', 'ada@', '@example.org', 'a b@example.org'])('refuses %j', (email) => {
    expect(checkSignIn({ ...filled, email }, false).email).toBeDefined();
  });
});

describe('readSignInFailure', () => {
  test('a wrong pair never says which of the two is wrong', () => {
    const error = new ApiError(401, 'invalid_credentials', 'unknown email');
    expect(readSignInFailure(error).form).toBe('This email and password do not match an account.');
  });

  test('field problems go to their fields, others to the form', () => {
    const error = new ApiError(422, 'invalid_body', 'Bad input', [
      { pointer: '/password', detail: 'is too short' },
      { pointer: '/colour', detail: 'is unknown' },
    ]);
    expect(readSignInFailure(error)).toEqual({ password: 'is too short' });
    expect(readSignInFailure(new ApiError(409, 'email_taken', 'Taken.'))).toEqual({
      form: 'Taken.',
    });
  });

  test('a rate limit counts down', () => {
    const error = new ApiError(429, 'rate_limited', 'Slow down', [], 12);
    expect(readSignInFailure(error).retryAfterS).toBe(12);
  });
});

describe('safeNext', () => {
  test.each(['/projects', '/projects/1/annotate/2?x=1'])('keeps %s', (next) => {
    expect(safeNext(next)).toBe(next);
  });

  test.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/a\\b',
    '/\tevil',
    'javascript:alert(1)',
    '/login?next=/x',
    '',
    7,
    undefined,
  ])('drops %j', (next) => expect(safeNext(next)).toBeUndefined());
});
