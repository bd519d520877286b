import { expect, test } from 'vitest';
import type { UploadItem } from '@/net/uploadQueue';
import { rejectedCsv } from './rejectedCsv';

function item(name: string, detail: string): UploadItem {
  return {
    id: 1,
    name,
    sizeBytes: 1,
    phase: 'failed',
    share: 0,
    assetIds: [],
    code: 'bad',
    detail,
  };
}

test('quotes separators and disarms formulas', () => {
  const csv = rejectedCsv([item('a,b.jpg', 'says "no"'), item('=cmd.jpg', 'x\ny')]);
  expect(csv.split('\r\n')).toEqual([
    'file,code,reason',
    '"a,b.jpg",bad,"says ""no"""',
    '\'=cmd.jpg,bad,"x\ny"',
  ]);
});
