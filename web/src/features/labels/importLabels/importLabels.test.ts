import { describe, expect, test } from 'vitest';
import { importLabels } from './importLabels';
import { colorOf, kLimits } from './imported';

const read = (value: unknown) => importLabels(JSON.stringify(value))!;
const namesOf = (text: string) => importLabels(text)!.labels.map((label) => label.name);
const whats = (value: unknown) =>
  read(value).problems.map(({ where, what }) => [where, what.split('.').at(-1)]);

describe('what format a text is in', () => {
  test.each([
    ['car\nbus;bike,\ttram\n', 'names', ['car', 'bus', 'bike', 'tram']],
    ['\uFEFF["car", "bus"]', 'names', ['car', 'bus']],
    ['{"categories":[{"name":"car"}]}', 'coco', ['car']],
    ['[{"name":"car","supercategory":"x"}]', 'coco', ['car']],
    ['{"labels":[{"name":"car"}]}', 'cvat', ['car']],
    ['{"name":"car"}', 'cvat', ['car']],
    ['path: x\nnames: [car]', 'yolo', ['car']],
    ['<View><Labels><Label value="car"/></Labels></View>', 'label_studio', ['car']],
  ])('%j is %s', (text, format, names) => {
    expect(importLabels(text)?.format).toBe(format);
    expect(namesOf(text)).toEqual(names);
  });

  test.each(['{"categories"', '<View><Labels></View>', '{"other":1}'])('%j is broken', (text) =>
    expect(importLabels(text)).toBeNull(),
  );
});

test('names that the server refuses are left out and told', () => {
  const long = 'x'.repeat(kLimits.name + 1);
  const { labels, problems } = importLabels(`car\n${long}`)!;
  expect(labels).toHaveLength(1);
  expect(problems).toEqual([{ where: long, what: 'labels.import.problems.longName' }]);
  const many = importLabels(Array.from({ length: kLimits.labels + 2 }, (_, i) => i).join('\n'))!;
  expect([many.labels.length, many.problems.length]).toEqual([kLimits.labels, 2]);
});

test.each([
  ['#abc', '#AABBCC'],
  ['#a1b2c3', '#A1B2C3'],
  ['#a1b2c3ff', '#A1B2C3'],
  ['#a1b2', undefined],
  ['red', undefined],
  [7, undefined],
])('the colour %j is %j', (given, color) => expect(colorOf(given)).toBe(color));

describe('COCO', () => {
  test('bones count from 1, and what is no bone is left out', () => {
    const skeleton = [[1, 2], [2, 2], [2, 9], [0, 1], 'x', [3, 1]];
    const category = { name: 'person', keypoints: ['head', 'hip', 'knee'], skeleton };
    expect(read({ categories: [category] }).labels[0]?.skeleton).toEqual({
      points: ['head', 'hip', 'knee'],
      edges: [
        [0, 1],
        [2, 0],
      ],
    });
  });

  test('points of one name are no skeleton; the label stays', () => {
    const categories = [{ name: 'person', keypoints: ['a', 'a'], color: '#fff' }, 5, { name: '' }];
    expect(whats({ categories })).toEqual([
      ['person', 'skeleton'],
      ['2', 'noLabel'],
      ['2', 'noName'],
    ]);
    expect(read({ categories }).labels).toEqual([
      { name: 'person', kind: 'any', attributes: [], color: '#FFFFFF' },
    ]);
  });
});

describe('CVAT', () => {
  const attribute = (more: object) => ({ name: 'a', input_type: 'text', values: [], ...more });
  const attributesOf = (...attributes: object[]) =>
    read([{ name: 'car', type: 'rectangle', attributes }]).labels[0]?.attributes;

  test('shapes get our names; one that we do not have is any, and told', () => {
    const list = ['rectangle', 'cuboid', 'tag'].map((type) => ({ name: type, type }));
    expect(read(list).labels.map(({ kind }) => kind)).toEqual(['box', 'cuboid', 'tag']);
    const odd = [{ name: 'car', type: 'spline' }];
    expect(read(odd).labels[0]?.kind).toBe('any');
    expect(whats(odd)).toEqual([['car', 'kind']]);
  });

  test('options are told once, with a default only when it is one of them', () => {
    const values = ['red', 'blue', 'red', ''];
    const given = { input_type: 'select', values, mutable: true };
    const made = { name: 'a', kind: 'select', per_frame: true, options: ['red', 'blue'] };
    expect(attributesOf(attribute({ ...given, default_value: 'blue' }))).toEqual([
      { ...made, default_value: 'blue' },
    ]);
    expect(attributesOf(attribute({ ...given, default_value: 'pink' }))).toEqual([made]);
  });

  test.each([
    [['0;10;1'], '5', { min: 0, max: 10, default_value: 5 }],
    [['0', '10', '1'], '11', { min: 0, max: 10 }],
  ])('a number in %j with the default %j', (values, preset, made) => {
    const given = attribute({ input_type: 'number', values, default_value: preset });
    expect(attributesOf(given)).toEqual([{ name: 'a', kind: 'number', ...made }]);
  });

  test('a checkbox is on or off, and an unknown input is told', () => {
    const given = attribute({ input_type: 'checkbox', default_value: 'True' });
    expect(attributesOf(given)?.[0]?.default_value).toBe(true);
    const odd = [{ name: 'car', attributes: [attribute({ input_type: 'slider' }), 3] }];
    expect(whats(odd)).toEqual([
      ['car', 'attribute'],
      ['car', 'attribute'],
    ]);
  });

  test('a skeleton is read from its drawing', () => {
    const circle = (id: number, x: number, more: string) =>
      `<circle cx="${x}" cy="150" data-node-id="${id}" ${more}/>`;
    const svg =
      circle(1, 20, 'data-label-name="head"') +
      circle(2, 40, 'data-label-id="8"') +
      '<line data-node-from="1" data-node-to="2"/><line data-node-from="1" data-node-to="1"/>';
    const sublabels = [{ name: 'head' }, { id: 8, name: 'hip' }];
    const person = { name: 'person', type: 'skeleton', sublabels, svg };
    expect(read([person]).labels[0]?.skeleton).toEqual({
      points: ['head', 'hip'],
      edges: [[0, 1]],
      positions: [
        [0.2, 1],
        [0.4, 1],
      ],
    });
    expect(whats([{ ...person, svg: '<line' }])).toEqual([['person', 'drawing']]);
    expect(whats([{ ...person, sublabels: [] }])).toEqual([['person', 'skeleton']]);
  });
});

describe('Label Studio', () => {
  const config = (inside: string) => importLabels(`<View>${inside}</View>`)!;
  const boxes = '<RectangleLabels><Label value="car" background="#f00"/></RectangleLabels>';

  test('a name under two controls takes both shapes', () => {
    const polygons = '<PolygonLabels><Label value="car"/><Label value="road"/></PolygonLabels>';
    const labels = config(boxes + polygons).labels;
    expect(labels.map(({ name, kind }) => [name, kind])).toEqual([
      ['car', 'any'],
      ['road', 'polygon'],
    ]);
    expect(labels[0]?.color).toBe('#FF0000');
  });

  test('choices of a region are attributes of the labels meant, of the image they are tags', () => {
    const choices = (more: string) =>
      `<Choices name="c" ${more}><Choice value="x"/><Choice value="y"/></Choices>`;
    const both = boxes + '<BrushLabels><Label value="road"/></BrushLabels>';
    const some = 'perRegion="true" whenLabelValue="road" choice="multiple" required="true"';
    const labels = config(both + choices(some)).labels;
    const made = { name: 'c', kind: 'checkbox', options: ['x', 'y'], required: true };
    expect(labels.map(({ attributes }) => attributes)).toEqual([[], [made]]);
    const tags = config(choices('')).labels.map(({ name, kind }) => [name, kind]);
    expect(tags).toEqual([
      ['x', 'tag'],
      ['y', 'tag'],
    ]);
  });

  test('texts, numbers and ratings of a region; what we lack is told', () => {
    const controls =
      '<TextArea name="t" perRegion="true"/><Number name="n" perRegion="true" min="1" max="9"/>' +
      '<Rating name="r" perRegion="true" maxRating="3"/><Taxonomy name="x" perRegion="true"/>' +
      '<Rating name="whole"/><TimeSeries/>';
    const { labels, problems } = config(boxes + controls);
    expect(labels[0]?.attributes).toEqual([
      { name: 't', kind: 'text' },
      { name: 'n', kind: 'number', min: 1, max: 9 },
      { name: 'r', kind: 'number', min: 0, max: 3 },
    ]);
    expect(problems.map(({ where }) => where)).toEqual(['TimeSeries', 'Taxonomy', 'whole']);
  });
});

describe('YOLO', () => {
  test.each([
    ["names: [car, \"a, b\", 'it''s']", ['car', 'a, b', "it's"]],
    ['names: {0: car,\n  1: bus}', ['car', 'bus']],
    ['names:\n  - car # fast\n\n  - "bus"\nnc: 2', ['car', 'bus']],
    ['names:\n  0: car\n  1: bus\nval: x', ['car', 'bus']],
  ])('%j', (text, names) => expect(namesOf(text)).toEqual(names));

  test('a line that is no name is told by its number, and no names at all too', () => {
    const where = (text: string) => importLabels(text)!.problems.map((one) => one.where);
    expect(where('nc: 1\nnames:\n  - car\n  oops')).toEqual(['4']);
    expect(where('names:\nnc: 0')).toEqual(['names']);
  });

  test('keypoints have numbers for names, within limits', () => {
    const points = (count: number) =>
      importLabels(`kpt_shape: [${count}, 3]\nnames: [person]`)!.labels[0]?.skeleton?.points;
    expect(points(2)).toEqual(['point_1', 'point_2']);
    expect(points(0)).toBeUndefined();
    expect(points(kLimits.points + 1)).toBeUndefined();
  });
});
