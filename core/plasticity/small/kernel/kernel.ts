/**
 * AssemblyScript, compiled by `npm run kernel`: one pass over a small network's connections a step. Rows are pre (N of them), columns post; P, the length
 * of a row, is a multiple of 4, and columns go in groups of four, one v128 each. Of a plastic network `n` is N rounded up to an even number. Vectors are f32, aligned to 16 bytes.
 *
 * What a step needs of a connection lies together, so that one address with fixed offsets reaches all of it (address arithmetic and registers are what
 * limits such loops, not the caches): `cells` are [w, alpha, trace] of a group, `slopes` are [G, dAlpha] with G = ∂loss/∂trace, row after row. What a
 * step needs of a column is put together in `columns`, [drive or d, gain, decay, 1 / decay, dGain, dDecay] of a group.
 *
 * The change of the trace that a step leaves behind is, for every rule, trace ← trace ∘ decay + before ⊗ gain, with a gain and a decay a column.
 */
const cellBytes: usize = 48;
const slopeBytes: usize = 32;
const columnBytes: usize = 96;

/** trace ← trace ∘ decay + before ⊗ gain, then drive += now · (w + alpha ∘ trace). */
export function forward(
  n: usize,
  p: usize,
  cells: usize,
  columns: usize,
  drive: usize,
  now: usize,
  before: usize,
  gain: usize,
  decay: usize,
): void {
  const groups = p >> 2;
  for (let j: usize = 0, column = columns; j < p << 2; j += 16, column += columnBytes) {
    v128.store(column, v128.load(drive + j));
    v128.store(column, v128.load(gain + j), 16);
    v128.store(column, v128.load(decay + j), 32);
  }
  let cell0 = cells;
  for (let at: usize = 0; at < n << 2; at += 8) {
    const now0 = v128.load32_splat(now + at);
    const now1 = v128.load32_splat(now + at, 4);
    const before0 = v128.load32_splat(before + at);
    const before1 = v128.load32_splat(before + at, 4);
    const end = cell0 + groups * cellBytes;
    let cell1 = end;
    for (let column = columns; cell0 < end; cell0 += cellBytes, cell1 += cellBytes, column += columnBytes) {
      const gainJ = v128.load(column, 16);
      const decayJ = v128.load(column, 32);
      const h0 = f32x4.relaxed_madd(before0, gainJ, f32x4.mul(v128.load(cell0, 32), decayJ));
      v128.store(cell0, h0, 32);
      const h1 = f32x4.relaxed_madd(before1, gainJ, f32x4.mul(v128.load(cell1, 32), decayJ));
      v128.store(cell1, h1, 32);
      const weight0 = f32x4.relaxed_madd(v128.load(cell0, 16), h0, v128.load(cell0));
      const weight1 = f32x4.relaxed_madd(v128.load(cell1, 16), h1, v128.load(cell1));
      v128.store(column, f32x4.relaxed_madd(now1, weight1, f32x4.relaxed_madd(now0, weight0, v128.load(column))));
    }
    cell0 = cell1;
  }
  for (let j: usize = 0, column = columns; j < p << 2; j += 16, column += columnBytes) v128.store(drive + j, v128.load(column));
}

/**
 * Like `forward`, where the trace takes from an eligibility trace, a matrix by itself, whatever the latter keeps of the past:
 * trace ← trace + m · eligibility, then eligibility ← eligibility · decay + before ⊗ gain, then drive += now · (w + alpha ∘ trace).
 * @param decay of the first column is that of all.
 */
export function forwardRetroactive(
  n: usize,
  p: usize,
  cells: usize,
  columns: usize,
  eligibility: usize,
  drive: usize,
  now: usize,
  before: usize,
  gain: usize,
  decay: usize,
  m: f32,
): void {
  const row = p << 2;
  const modulator = f32x4.splat(m);
  const kept = v128.load32_splat(decay);
  for (let j: usize = 0, column = columns; j < row; j += 16, column += columnBytes) {
    v128.store(column, v128.load(drive + j));
    v128.store(column, v128.load(gain + j), 16);
  }
  let cell0 = cells;
  let e0 = eligibility;
  for (let at: usize = 0; at < n << 2; at += 8) {
    const now0 = v128.load32_splat(now + at);
    const now1 = v128.load32_splat(now + at, 4);
    const before0 = v128.load32_splat(before + at);
    const before1 = v128.load32_splat(before + at, 4);
    const end = cell0 + (p >> 2) * cellBytes;
    let cell1 = end;
    let e1 = e0 + row;
    for (let column = columns; cell0 < end; cell0 += cellBytes, cell1 += cellBytes, e0 += 16, e1 += 16, column += columnBytes) {
      const gainJ = v128.load(column, 16);
      const eligible0 = v128.load(e0);
      const eligible1 = v128.load(e1);
      const h0 = f32x4.relaxed_madd(modulator, eligible0, v128.load(cell0, 32));
      const h1 = f32x4.relaxed_madd(modulator, eligible1, v128.load(cell1, 32));
      v128.store(cell0, h0, 32);
      v128.store(cell1, h1, 32);
      v128.store(e0, f32x4.relaxed_madd(before0, gainJ, f32x4.mul(eligible0, kept)));
      v128.store(e1, f32x4.relaxed_madd(before1, gainJ, f32x4.mul(eligible1, kept)));
      const weight0 = f32x4.relaxed_madd(v128.load(cell0, 16), h0, v128.load(cell0));
      const weight1 = f32x4.relaxed_madd(v128.load(cell1, 16), h1, v128.load(cell1));
      v128.store(column, f32x4.relaxed_madd(now1, weight1, f32x4.relaxed_madd(now0, weight0, v128.load(column))));
    }
    cell0 = cell1;
    e0 = e1;
  }
  for (let j: usize = 0, column = columns; j < row; j += 16, column += columnBytes) v128.store(drive + j, v128.load(column));
}

/** to ← from ∘ decay + before ⊗ gain, rows of P: the change that `forward` makes, bit for bit. */
export function advance(n: usize, p: usize, from: usize, to: usize, before: usize, gain: usize, decay: usize): void {
  const row = p << 2;
  for (let i: usize = 0; i < n; i++, from += row, to += row) {
    const beforeI = v128.load32_splat(before + (i << 2));
    for (let j: usize = 0; j < row; j += 16) {
      const kept = f32x4.mul(v128.load(from + j), v128.load(decay + j));
      v128.store(to + j, f32x4.relaxed_madd(beforeI, v128.load(gain + j), kept));
    }
  }
}

/** Copies groups, each so many bytes from the next. */
export function copyGroups(count: usize, from: usize, fromStride: usize, to: usize, toStride: usize): void {
  for (let group: usize = 0; group < count; group++, from += fromStride, to += toStride) v128.store(to, v128.load(from));
}

export function clearGroups(count: usize, to: usize, stride: usize): void {
  const zero = f32x4.splat(0);
  for (let group: usize = 0; group < count; group++, to += stride) v128.store(to, zero);
}

/** drive += now · w, rows of P: four rows at once, and what is left one by one. */
export function forwardPlain(n: usize, p: usize, drive: usize, w: usize, now: usize): void {
  const row = p << 2;
  let i: usize = 0;
  for (; i + 4 <= n; i += 4, w += 4 * row) {
    const at = now + (i << 2);
    const now0 = v128.load32_splat(at);
    const now1 = v128.load32_splat(at, 4);
    const now2 = v128.load32_splat(at, 8);
    const now3 = v128.load32_splat(at, 12);
    for (let j: usize = 0; j < row; j += 16) {
      let a = f32x4.relaxed_madd(now0, v128.load(w + j), v128.load(drive + j));
      a = f32x4.relaxed_madd(now1, v128.load(w + row + j), a);
      a = f32x4.relaxed_madd(now2, v128.load(w + 2 * row + j), a);
      v128.store(drive + j, f32x4.relaxed_madd(now3, v128.load(w + 3 * row + j), a));
    }
  }
  for (; i < n; i++, w += row) {
    const nowI = v128.load32_splat(now + (i << 2));
    for (let j: usize = 0; j < row; j += 16) {
      v128.store(drive + j, f32x4.relaxed_madd(nowI, v128.load(w + j), v128.load(drive + j)));
    }
  }
}

function sum(x: v128): f32 {
  return f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

/**
 * Back through the drive, with d = ∂loss/∂drive, and through the change of the trace that made it what it is:
 * dAlpha += (now ⊗ d) ∘ trace, dNow += (w + alpha ∘ trace) · d, G += (now ⊗ d) ∘ alpha;
 * then with the trace before the change, which takes its place (`old` where that is not 0, else by inverting the change):
 * dBefore += G · gain, dGain = before · G, dDecay = Σ G ∘ trace, G ← G ∘ decay.
 * @param uniform whether all columns have the decay of the first; dDecay is then right as a sum over its columns only.
 */
export function backward(
  n: usize,
  p: usize,
  cells: usize,
  slopes: usize,
  columns: usize,
  old: usize,
  d: usize,
  now: usize,
  before: usize,
  gain: usize,
  decay: usize,
  dNow: usize,
  dBefore: usize,
  dGain: usize,
  dDecay: usize,
  uniform: bool,
): void {
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  for (let j: usize = 0, column = columns; j < p << 2; j += 16, column += columnBytes) {
    v128.store(column, v128.load(d + j));
    v128.store(column, v128.load(gain + j), 16);
    v128.store(column, v128.load(decay + j), 32);
    v128.store(column, f32x4.div(one, v128.load(decay + j)), 48);
    v128.store(column, zero, 64);
    v128.store(column, zero, 80);
  }
  if (uniform) {
    if (old == 0) walk<Uniform, Inverted>(n, p, cells, slopes, columns, old, now, before, dNow, dBefore);
    else walk<Uniform, Kept>(n, p, cells, slopes, columns, old, now, before, dNow, dBefore);
  } else if (old == 0) walk<Varied, Inverted>(n, p, cells, slopes, columns, old, now, before, dNow, dBefore);
  else walk<Varied, Kept>(n, p, cells, slopes, columns, old, now, before, dNow, dBefore);
  for (let j: usize = 0, column = columns; j < p << 2; j += 16, column += columnBytes) {
    v128.store(dGain + j, v128.load(column, 64));
    v128.store(dDecay + j, v128.load(column, 80));
  }
}

/** What is known of a step before its loop begins, as types, so that each combination is compiled by itself. */
class Uniform {}
class Varied {}
class Kept {}
class Inverted {}

function walk<Decay, Old>(
  n: usize,
  p: usize,
  cells: usize,
  slopes: usize,
  columns: usize,
  old: usize,
  now: usize,
  before: usize,
  dNow: usize,
  dBefore: usize,
): void {
  const uniform = idof<Decay>() == idof<Uniform>();
  const kept = idof<Old>() == idof<Kept>();
  const groups = p >> 2;
  const sameDecay = v128.load32_splat(columns, 32);
  const sameInverse = v128.load32_splat(columns, 48);
  let sumDecay = f32x4.splat(0);
  let cell0 = cells;
  let slope0 = slopes;
  let old0 = old;
  for (let at: usize = 0; at < n << 2; at += 8) {
    const now0 = v128.load32_splat(now + at);
    const now1 = v128.load32_splat(now + at, 4);
    const before0 = v128.load32_splat(before + at);
    const before1 = v128.load32_splat(before + at, 4);
    let sumNow0 = f32x4.splat(0);
    let sumNow1 = f32x4.splat(0);
    let sumBefore0 = f32x4.splat(0);
    let sumBefore1 = f32x4.splat(0);
    const end = cell0 + groups * cellBytes;
    let cell1 = end;
    let slope1 = slope0 + groups * slopeBytes;
    let old1 = old0 + groups * 16;
    for (let column = columns; cell0 < end; column += columnBytes) {
      const d = v128.load(column);
      const gain = v128.load(column, 16);
      const decay = uniform ? sameDecay : v128.load(column, 32);
      const h0 = v128.load(cell0, 32);
      const h1 = v128.load(cell1, 32);
      const alpha0 = v128.load(cell0, 16);
      const alpha1 = v128.load(cell1, 16);
      const product0 = f32x4.mul(now0, d);
      const product1 = f32x4.mul(now1, d);
      v128.store(slope0, f32x4.relaxed_madd(product0, h0, v128.load(slope0, 16)), 16);
      v128.store(slope1, f32x4.relaxed_madd(product1, h1, v128.load(slope1, 16)), 16);
      sumNow0 = f32x4.relaxed_madd(d, f32x4.relaxed_madd(alpha0, h0, v128.load(cell0)), sumNow0);
      sumNow1 = f32x4.relaxed_madd(d, f32x4.relaxed_madd(alpha1, h1, v128.load(cell1)), sumNow1);
      const g0 = f32x4.relaxed_madd(product0, alpha0, v128.load(slope0));
      const g1 = f32x4.relaxed_madd(product1, alpha1, v128.load(slope1));
      v128.store(slope0, f32x4.mul(g0, decay));
      v128.store(slope1, f32x4.mul(g1, decay));
      sumBefore0 = f32x4.relaxed_madd(g0, gain, sumBefore0);
      sumBefore1 = f32x4.relaxed_madd(g1, gain, sumBefore1);
      v128.store(column, f32x4.relaxed_madd(before1, g1, f32x4.relaxed_madd(before0, g0, v128.load(column, 64))), 64);
      let earlier0: v128;
      let earlier1: v128;
      if (kept) {
        earlier0 = v128.load(old0);
        earlier1 = v128.load(old1);
        old0 += 16;
        old1 += 16;
      } else {
        const inverse = uniform ? sameInverse : v128.load(column, 48);
        earlier0 = f32x4.mul(f32x4.relaxed_nmadd(before0, gain, h0), inverse);
        earlier1 = f32x4.mul(f32x4.relaxed_nmadd(before1, gain, h1), inverse);
      }
      v128.store(cell0, earlier0, 32);
      v128.store(cell1, earlier1, 32);
      if (uniform) sumDecay = f32x4.relaxed_madd(g1, earlier1, f32x4.relaxed_madd(g0, earlier0, sumDecay));
      else v128.store(column, f32x4.relaxed_madd(g1, earlier1, f32x4.relaxed_madd(g0, earlier0, v128.load(column, 80))), 80);
      cell0 += cellBytes;
      cell1 += cellBytes;
      slope0 += slopeBytes;
      slope1 += slopeBytes;
    }
    cell0 = cell1;
    slope0 = slope1;
    old0 = old1;
    const toNow = dNow + at;
    const toBefore = dBefore + at;
    f32.store(toNow, f32.load(toNow) + sum(sumNow0));
    f32.store(toNow, f32.load(toNow, 4) + sum(sumNow1), 4);
    f32.store(toBefore, f32.load(toBefore) + sum(sumBefore0));
    f32.store(toBefore, f32.load(toBefore, 4) + sum(sumBefore1), 4);
  }
  if (uniform) v128.store(columns, sumDecay, 80);
}

/**
 * Back through `forwardRetroactive`, with G = ∂loss/∂trace and D = ∂loss/∂eligibility, a matrix by itself:
 * dAlpha += (now ⊗ d) ∘ trace, dNow += (w + alpha ∘ trace) · d, G += (now ⊗ d) ∘ alpha;
 * then with the eligibility before the change, which takes its place (`old` where that is not 0, else by inverting the change):
 * dBefore += D · gain, dGain = before · D, [dDecay, dM] = Σ [D ∘ eligibility, G ∘ eligibility], D ← D · decay + m · G, trace ← trace - m · eligibility.
 * @param sums takes dDecay and dM, each as four parts.
 */
export function backwardRetroactive(
  n: usize,
  p: usize,
  cells: usize,
  slopes: usize,
  columns: usize,
  eligibility: usize,
  dEligibility: usize,
  old: usize,
  d: usize,
  now: usize,
  before: usize,
  gain: usize,
  decay: usize,
  m: f32,
  dNow: usize,
  dBefore: usize,
  dGain: usize,
  sums: usize,
): void {
  const row = p << 2;
  const modulator = f32x4.splat(m);
  const kept = v128.load32_splat(decay);
  const inverse = f32x4.div(f32x4.splat(1), kept);
  let sumDecay = f32x4.splat(0);
  let sumModulator = f32x4.splat(0);
  for (let j: usize = 0, column = columns; j < row; j += 16, column += columnBytes) {
    v128.store(column, v128.load(d + j));
    v128.store(column, v128.load(gain + j), 16);
    v128.store(column, f32x4.splat(0), 64);
  }
  let cell = cells;
  let slope = slopes;
  for (let at: usize = 0, group: usize = 0; at < n << 2; at += 4) {
    const nowI = v128.load32_splat(now + at);
    const beforeI = v128.load32_splat(before + at);
    let sumNow = f32x4.splat(0);
    let sumBefore = f32x4.splat(0);
    const end = cell + (p >> 2) * cellBytes;
    for (let column = columns; cell < end; cell += cellBytes, slope += slopeBytes, group += 16, column += columnBytes) {
      const dJ = v128.load(column);
      const gainJ = v128.load(column, 16);
      const h = v128.load(cell, 32);
      const alpha = v128.load(cell, 16);
      const product = f32x4.mul(nowI, dJ);
      v128.store(slope, f32x4.relaxed_madd(product, h, v128.load(slope, 16)), 16);
      sumNow = f32x4.relaxed_madd(dJ, f32x4.relaxed_madd(alpha, h, v128.load(cell)), sumNow);
      const g = f32x4.relaxed_madd(product, alpha, v128.load(slope));
      v128.store(slope, g);
      const e = v128.load(dEligibility + group);
      sumBefore = f32x4.relaxed_madd(e, gainJ, sumBefore);
      v128.store(column, f32x4.relaxed_madd(beforeI, e, v128.load(column, 64)), 64);
      const earlier =
        old == 0 ? f32x4.mul(f32x4.relaxed_nmadd(beforeI, gainJ, v128.load(eligibility + group)), inverse) : v128.load(old + group);
      v128.store(eligibility + group, earlier);
      sumDecay = f32x4.relaxed_madd(e, earlier, sumDecay);
      sumModulator = f32x4.relaxed_madd(g, earlier, sumModulator);
      v128.store(dEligibility + group, f32x4.relaxed_madd(modulator, g, f32x4.mul(e, kept)));
      v128.store(cell, f32x4.relaxed_nmadd(modulator, earlier, h), 32);
    }
    f32.store(dNow + at, f32.load(dNow + at) + sum(sumNow));
    f32.store(dBefore + at, f32.load(dBefore + at) + sum(sumBefore));
  }
  for (let j: usize = 0, column = columns; j < row; j += 16, column += columnBytes) v128.store(dGain + j, v128.load(column, 64));
  v128.store(sums, sumDecay);
  v128.store(sums, sumModulator, 16);
}

/** dNow += w · d, rows of P: four rows at once, and what is left one by one. */
export function backwardPlain(n: usize, p: usize, d: usize, w: usize, dNow: usize): void {
  const row = p << 2;
  let at: usize = 0;
  for (; at + 16 <= n << 2; at += 16, w += 4 * row) {
    let s0 = f32x4.splat(0);
    let s1 = f32x4.splat(0);
    let s2 = f32x4.splat(0);
    let s3 = f32x4.splat(0);
    for (let j: usize = 0; j < row; j += 16) {
      const dJ = v128.load(d + j);
      s0 = f32x4.relaxed_madd(dJ, v128.load(w + j), s0);
      s1 = f32x4.relaxed_madd(dJ, v128.load(w + row + j), s1);
      s2 = f32x4.relaxed_madd(dJ, v128.load(w + 2 * row + j), s2);
      s3 = f32x4.relaxed_madd(dJ, v128.load(w + 3 * row + j), s3);
    }
    const to = dNow + at;
    f32.store(to, f32.load(to) + sum(s0));
    f32.store(to, f32.load(to, 4) + sum(s1), 4);
    f32.store(to, f32.load(to, 8) + sum(s2), 8);
    f32.store(to, f32.load(to, 12) + sum(s3), 12);
  }
  for (; at < n << 2; at += 4, w += row) {
    let sumNow = f32x4.splat(0);
    for (let j: usize = 0; j < row; j += 16) sumNow = f32x4.relaxed_madd(v128.load(d + j), v128.load(w + j), sumNow);
    f32.store(dNow + at, f32.load(dNow + at) + sum(sumNow));
  }
}

/**
 * matrix [rows, P] += Σ of left ⊗ right over `count` rows of each, `rows` being a multiple of 4: four rows of the matrix by eight columns (or the last
 * four) at once, in registers.
 */
export function addOuter(rows: usize, p: usize, count: usize, left: usize, right: usize, matrix: usize): void {
  const row: usize = p << 2;
  const leftRow: usize = rows << 2;
  const end = left + count * leftRow;
  for (let i: usize = 0; i < leftRow; i += 16) {
    let to = matrix + i * p;
    let j: usize = 0;
    for (; j + 32 <= row; j += 32, to += 32) {
      let s00 = v128.load(to);
      let s01 = v128.load(to, 16);
      let s10 = v128.load(to + row);
      let s11 = v128.load(to + row, 16);
      let s20 = v128.load(to + 2 * row);
      let s21 = v128.load(to + 2 * row, 16);
      let s30 = v128.load(to + 3 * row);
      let s31 = v128.load(to + 3 * row, 16);
      for (let u = left + i, v = right + j; u < end; u += leftRow, v += row) {
        const v0 = v128.load(v);
        const v1 = v128.load(v, 16);
        const u0 = v128.load32_splat(u);
        s00 = f32x4.relaxed_madd(u0, v0, s00);
        s01 = f32x4.relaxed_madd(u0, v1, s01);
        const u1 = v128.load32_splat(u, 4);
        s10 = f32x4.relaxed_madd(u1, v0, s10);
        s11 = f32x4.relaxed_madd(u1, v1, s11);
        const u2 = v128.load32_splat(u, 8);
        s20 = f32x4.relaxed_madd(u2, v0, s20);
        s21 = f32x4.relaxed_madd(u2, v1, s21);
        const u3 = v128.load32_splat(u, 12);
        s30 = f32x4.relaxed_madd(u3, v0, s30);
        s31 = f32x4.relaxed_madd(u3, v1, s31);
      }
      v128.store(to, s00);
      v128.store(to, s01, 16);
      v128.store(to + row, s10);
      v128.store(to + row, s11, 16);
      v128.store(to + 2 * row, s20);
      v128.store(to + 2 * row, s21, 16);
      v128.store(to + 3 * row, s30);
      v128.store(to + 3 * row, s31, 16);
    }
    if (j < row) {
      let s0 = v128.load(to);
      let s1 = v128.load(to + row);
      let s2 = v128.load(to + 2 * row);
      let s3 = v128.load(to + 3 * row);
      for (let u = left + i, v = right + j; u < end; u += leftRow, v += row) {
        const vj = v128.load(v);
        s0 = f32x4.relaxed_madd(v128.load32_splat(u), vj, s0);
        s1 = f32x4.relaxed_madd(v128.load32_splat(u, 4), vj, s1);
        s2 = f32x4.relaxed_madd(v128.load32_splat(u, 8), vj, s2);
        s3 = f32x4.relaxed_madd(v128.load32_splat(u, 12), vj, s3);
      }
      v128.store(to, s0);
      v128.store(to + row, s1);
      v128.store(to + 2 * row, s2);
      v128.store(to + 3 * row, s3);
    }
  }
}

/** What the step that leaves y behind does to a trace: gain ← rate · y, decay ← keep - bend · y². @returns the smallest |decay|, at most 1. */
export function change(p: usize, y: usize, rate: f32, keep: f32, bend: f32, gain: usize, decay: usize): f32 {
  let smallest = f32x4.splat(1);
  for (let j: usize = 0; j < p << 2; j += 16) {
    const yJ = v128.load(y + j);
    v128.store(gain + j, f32x4.mul(f32x4.splat(rate), yJ));
    const kept = f32x4.sub(f32x4.splat(keep), f32x4.mul(f32x4.mul(f32x4.splat(bend), yJ), yJ));
    v128.store(decay + j, kept);
    smallest = f32x4.min(smallest, f32x4.abs(kept));
  }
  const low = min(f32x4.extract_lane(smallest, 0), f32x4.extract_lane(smallest, 1));
  return min(low, min(f32x4.extract_lane(smallest, 2), f32x4.extract_lane(smallest, 3)));
}

/** Back through `change`: dY += rate · dGain - 2 bend · y ∘ dDecay; sums takes Σ y dGain, Σ y² dDecay and Σ dDecay, each as four parts. */
export function changeBack(p: usize, y: usize, rate: f32, bend: f32, dGain: usize, dDecay: usize, dY: usize, sums: usize): void {
  let ofGain = f32x4.splat(0);
  let ofSquares = f32x4.splat(0);
  let ofDecay = f32x4.splat(0);
  for (let j: usize = 0; j < p << 2; j += 16) {
    const yJ = v128.load(y + j);
    const gainJ = v128.load(dGain + j);
    const decayJ = v128.load(dDecay + j);
    const bent = f32x4.mul(yJ, decayJ);
    v128.store(
      dY + j,
      f32x4.add(v128.load(dY + j), f32x4.sub(f32x4.mul(f32x4.splat(rate), gainJ), f32x4.mul(f32x4.splat(2 * bend), bent))),
    );
    ofGain = f32x4.add(ofGain, f32x4.mul(yJ, gainJ));
    ofSquares = f32x4.add(ofSquares, f32x4.mul(yJ, bent));
    ofDecay = f32x4.add(ofDecay, decayJ);
  }
  v128.store(sums, ofGain);
  v128.store(sums, ofSquares, 16);
  v128.store(sums, ofDecay, 32);
}

/** Back through `squash`, with y = tanh(a) and dY in two parts, the second of which is then cleared: d ← (d + dY) ∘ (1 - y²). */
export function squashBack(p: usize, y: usize, dY: usize, d: usize): void {
  const one = f32x4.splat(1);
  for (let j: usize = 0; j < p << 2; j += 16) {
    const yJ = v128.load(y + j);
    const slope = f32x4.mul(f32x4.sub(one, yJ), f32x4.add(one, yJ));
    v128.store(d + j, f32x4.mul(f32x4.add(v128.load(d + j), v128.load(dY + j)), slope));
    v128.store(dY + j, f32x4.splat(0));
  }
}

/**
 * y ← tanh(a), to about two units in the last place: by the exponential function, and near zero by the series, whose first five terms are enough
 * below 0.3.
 */
export function squash(p: usize, a: usize, y: usize): void {
  const row: usize = p << 2;
  const one = f32x4.splat(1);
  for (let j: usize = 0; j < row; j += 16) {
    const x = v128.load(a + j);
    const size = f32x4.abs(x);
    // exp(2 |x|) = 2^k · exp(r), |r| ≤ ln 2 / 2; beyond 9, tanh rounds to 1.
    const twice = f32x4.mul(f32x4.min(size, f32x4.splat(9.1)), f32x4.splat(2));
    const k = f32x4.nearest(f32x4.mul(twice, f32x4.splat(1.4426950408889634)));
    const high = f32x4.sub(twice, f32x4.mul(k, f32x4.splat(0.693359375)));
    const r = f32x4.add(high, f32x4.mul(k, f32x4.splat(2.12194440054690583e-4)));
    let e = f32x4.splat(1.0 / 5040);
    e = f32x4.relaxed_madd(e, r, f32x4.splat(1.0 / 720));
    e = f32x4.relaxed_madd(e, r, f32x4.splat(1.0 / 120));
    e = f32x4.relaxed_madd(e, r, f32x4.splat(1.0 / 24));
    e = f32x4.relaxed_madd(e, r, f32x4.splat(1.0 / 6));
    e = f32x4.relaxed_madd(e, r, f32x4.splat(0.5));
    e = f32x4.relaxed_madd(e, r, one);
    e = f32x4.relaxed_madd(e, r, one);
    const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(k), i32x4.splat(127)), 23);
    e = f32x4.mul(e, power);
    const large = f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(e, one)));
    const square = f32x4.mul(size, size);
    let s = f32x4.splat(62.0 / 2835);
    s = f32x4.relaxed_madd(s, square, f32x4.splat(-17.0 / 315));
    s = f32x4.relaxed_madd(s, square, f32x4.splat(2.0 / 15));
    s = f32x4.relaxed_madd(s, square, f32x4.splat(-1.0 / 3));
    const small = f32x4.relaxed_madd(f32x4.mul(s, square), size, size);
    const result = v128.bitselect(small, large, f32x4.lt(size, f32x4.splat(0.3)));
    const sign = v128.and(x, i32x4.splat(0x80000000));
    // What is no number stays none.
    v128.store(y + j, v128.bitselect(v128.or(result, sign), x, f32x4.eq(x, x)));
  }
}
