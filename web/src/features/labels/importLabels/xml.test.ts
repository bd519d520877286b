import { expect, test } from 'vitest';
import { elements, parseXml } from './xml';

test('elements come with their attributes, in the order of the text', () => {
  const root = parseXml(`<?xml version="1.0"?>
    <!-- <Label value="no"/> -->
    <View style="display: flex">
      <Labels name='a' toName="b"><Label value="1 &lt; 2 &amp;amp; &quot;so&quot; &#xe4;"/></Labels>
      text, and > and <![CDATA[<Label value="no"/>]]> <n:Image value = "$image" />
    </View>`)!;
  expect(elements(root).map(({ localName }) => localName)).toEqual([
    'View',
    'Labels',
    'Label',
    'Image',
  ]);
  const [, labels, label, image] = elements(root);
  expect([...labels!.attributes]).toEqual([
    ['name', 'a'],
    ['toName', 'b'],
  ]);
  expect(label!.attributes.get('value')).toBe('1 < 2 &amp; "so" ä');
  expect(image!.attributes.get('value')).toBe('$image');
});

test.each([
  ['', 'nothing'],
  ['words', 'no element'],
  ['<a>', 'an open element'],
  ['<a></b>', 'another end'],
  ['</a>', 'an end alone'],
  ['<a/><b/>', 'two roots'],
  ['<a></a></a>', 'an end too many'],
  ['<a b=1/>', 'a bare value'],
  ['<a b="<"/>', 'a tag in a value'],
  ['<a b="1/>', 'an open value'],
  ['<script>1 < 2</script>', 'a lone bracket'],
  ['<!DOCTYPE a [<!ENTITY x "xx">]><a b="&x;"/>', 'a document type'],
])('%j is none: %s', (text) => {
  expect(parseXml(text)).toBeNull();
});

test('an unknown entity stays, and numbers beyond all letters', () => {
  expect(parseXml('<a b="&x; &#9999999;"/>')!.attributes.get('b')).toBe('&x; &#9999999;');
});

test('a file of a million tags that stay open is refused in time, and a deep one is read', () => {
  expect(parseXml('<a '.repeat(1_000_000))).toBeNull();
  const depth = 5000;
  const deep = parseXml('<a>'.repeat(depth) + '</a>'.repeat(depth))!;
  expect(elements(deep)).toHaveLength(depth);
});
