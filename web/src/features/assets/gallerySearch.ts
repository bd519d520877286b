/** What a gallery shows and in which order, as the address says it. */
export const workStates = ['unlabelled', 'labelled', 'suggestions'] as const;
export type WorkState = (typeof workStates)[number];

export const assetOrders = ['oldest', 'newest', 'name'] as const;
export type AssetOrder = (typeof assetOrders)[number];

export interface GallerySearch {
  q?: string;
  state?: WorkState;
  label?: string;
  sort?: AssetOrder;
  /** Days, as 2026-01-31. */
  from?: string;
  to?: string;
  /** Megabytes. */
  min?: number;
  max?: number;
  note?: true;
  comments?: true;
}

type Raw = Record<string, unknown>;

/** Of an address that anybody may have written. */
export function gallerySearch(raw: Raw): GallerySearch {
  return {
    q: text(raw.q),
    state: workStates.find((state) => state === raw.state),
    label: text(raw.label),
    sort: assetOrders.find((order) => order === raw.sort),
    from: day(raw.from),
    to: day(raw.to),
    min: size(raw.min),
    max: size(raw.max),
    note: flag(raw.note),
    comments: flag(raw.comments),
  };
}

function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function day(value: unknown): string | undefined {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? value : undefined;
}

function size(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value < 1e6 ? value : undefined;
}

function flag(value: unknown): true | undefined {
  return value === true ? true : undefined;
}

/** Does anything but the order differ from showing all? */
export function isFiltered(search: GallerySearch): boolean {
  return Object.entries(search).some(([key, value]) => key !== 'sort' && value !== undefined);
}

/** The server finds any position of all images by age at once; of other lists it needs a mark. */
export function anyPlaceIsNear(query: ReturnType<typeof galleryQuery>): boolean {
  return Object.keys(query).every((name) => name === 'sort') && query.sort !== 'name';
}

const kMegabyte = 1_000_000;

/** As the server's list takes it. */
export function galleryQuery(search: GallerySearch): Record<string, string | number | boolean> {
  const query = {
    name: search.q,
    state: search.state,
    label_id: search.label,
    sort: search.sort,
    uploaded_from: search.from && `${search.from}T00:00:00Z`,
    uploaded_to: search.to && `${search.to}T23:59:59.999999Z`,
    min_bytes: search.min && Math.round(search.min * kMegabyte),
    max_bytes: search.max && Math.round(search.max * kMegabyte),
    with_note: search.note,
    with_comments: search.comments,
  };
  return Object.fromEntries(
    Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
