import { expect, test } from 'vitest';
import { deviceName } from './deviceName';

const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';

test.each([
  [`Mozilla/5.0 (X11; Linux x86_64) ${webkit} Chrome/140.0 Safari/537.36`, 'Chrome on Linux'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
  [`Mozilla/5.0 (Windows NT 10.0) ${webkit} Chrome/140.0 Safari/1 Edg/140`, 'Edge on Windows'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 19 like Mac OS X) Version/19 Safari/604.1', 'Safari on iOS'],
  ['curl/8.9.1', 'curl/8.9.1'],
  ['', 'A program'],
])('%s', (userAgent, name) => expect(deviceName(userAgent)).toBe(name));
