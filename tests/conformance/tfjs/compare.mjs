// How far two outputs are apart, as a part of the reference's range.

export function rangeOf(values) {
  let low = Infinity, high = -Infinity;
  for (const v of values) { low = Math.min(low, v); high = Math.max(high, v); }
  return high - low || Math.abs(high) || 1;
}

export function distance(reference, other, range = rangeOf(reference)) {
  if (reference.length !== other.length) return Infinity;
  let worst = 0;
  for (let i = 0; i < reference.length; ++i) {
    const d = Math.abs(reference[i] - other[i]);
    if (!(d <= worst)) worst = Number.isNaN(d) ? Infinity : d;
  }
  return worst / range;
}

// Rows that a top-k sorted by score: rows whose scores agree to the last digits may change places,
// and the last row may be another one. Each row above the weakest score must have its equal.
export function rankedDistance(reference, other, columns, scoreColumn) {
  if (reference.length !== other.length) return Infinity;
  const range = rangeOf(reference);
  const rows = list => Array.from({ length: list.length / columns },
    (_, i) => list.subarray(i * columns, (i + 1) * columns));
  const left = rows(other);
  const weakest = reference[reference.length - columns + scoreColumn];
  let worst = 0;
  for (const row of rows(reference)) {
    let best = Infinity, at = -1;
    left.forEach((candidate, i) => {
      const d = candidate.reduce((m, v, c) => Math.max(m, Math.abs(v - row[c])), 0);
      if (d < best) { best = d; at = i; }
    });
    if (row[scoreColumn] - weakest < 1e-6 && !(best / range <= 1e-4)) continue;
    if (at >= 0) left.splice(at, 1);
    worst = Math.max(worst, best / range);
  }
  return worst;
}
