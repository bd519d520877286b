/** Reads labels of whatever format the text is in. */
import { readCoco } from './coco';
import { readCvat } from './cvat';
import { isObject, Reading, type Imported } from './imported';
import { readLabelStudio } from './labelStudio';
import { looksLikeYolo, readYolo } from './yolo';

/** A file of annotations holds its categories somewhere; more than this is not read in a page. */
export const kImportBytesMax = 64 * 1024 * 1024;

/** Null when the text looks like a format and is broken. */
export function importLabels(text: string): Imported | null {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (trimmed.startsWith('<')) return readLabelStudio(trimmed);
  if (trimmed.startsWith('{') || trimmed.startsWith('[')) return importJson(trimmed);
  if (looksLikeYolo(trimmed)) return readYolo(trimmed);
  return readNames(trimmed);
}

function importJson(text: string): Imported | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (isObject(value) && Array.isArray(value['categories'])) return readCoco(value['categories']);
  if (isObject(value) && Array.isArray(value['labels'])) return importList(value['labels']);
  if (Array.isArray(value)) return importList(value);
  return isObject(value) && 'name' in value ? importList([value]) : null;
}

/** A list of names, of COCO categories or of CVAT labels. */
function importList(list: readonly unknown[]): Imported {
  if (list.every((item) => typeof item === 'string')) return readNames(list.join('\n'));
  const category = (item: unknown) =>
    isObject(item) && ('supercategory' in item || 'keypoints' in item);
  return list.some(category) ? readCoco(list) : readCvat(list);
}

/** One name a line, or separated by commas, semicolons or tabs. */
function readNames(text: string): Imported {
  const reading = new Reading('names');
  for (const name of text.split(/[\n,;\t]/)) {
    if (name.trim() !== '') reading.add({ name, kind: 'any', attributes: [] });
  }
  return reading.done();
}
