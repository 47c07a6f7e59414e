/**
 * AssemblyScript, compiled by `npm run kernel`: one pass over a small network's matrices a step. Rows are pre, columns post; P, the
 * length of a row, is a multiple of 4, and all rows are processed in pairs. Vectors are f32, aligned to 16 bytes. The change of the trace that step s
 * leaves behind is, for every rule, hebb ← hebb ∘ decay + before ⊗ gain, with a decay and a gain a column.
 */

/** target ← target ∘ decay + before ⊗ gain, then drive += now · (w + alpha ∘ target). */
export function forward(
  p: usize,
  drive: usize,
  w: usize,
  alpha: usize,
  trace: usize,
  now: usize,
  before: usize,
  gain: usize,
  decay: usize,
): void {
  const row: usize = p << 2;
  for (let i: usize = 0; i < p; i += 2) {
    const now0 = v128.load32_splat(now + (i << 2));
    const now1 = v128.load32_splat(now + (i << 2), 4);
    const before0 = v128.load32_splat(before + (i << 2));
    const before1 = v128.load32_splat(before + (i << 2), 4);
    const at: usize = i * row;
    for (let j: usize = 0; j < row; j += 16) {
      const place = at + j;
      const g = v128.load(gain + j);
      const d = v128.load(decay + j);
      const h0 = f32x4.relaxed_madd(before0, g, f32x4.mul(v128.load(trace + place), d));
      const h1 = f32x4.relaxed_madd(before1, g, f32x4.mul(v128.load(trace + place + row), d));
      v128.store(trace + place, h0);
      v128.store(trace + place + row, h1);
      const k0 = f32x4.relaxed_madd(v128.load(alpha + place), h0, v128.load(w + place));
      const k1 = f32x4.relaxed_madd(v128.load(alpha + place + row), h1, v128.load(w + place + row));
      v128.store(drive + j, f32x4.relaxed_madd(now1, k1, f32x4.relaxed_madd(now0, k0, v128.load(drive + j))));
    }
  }
}

/** to ← from ∘ decay + before ⊗ gain: the change that `forward` makes, bit for bit. */
export function advance(p: usize, from: usize, to: usize, before: usize, gain: usize, decay: usize): void {
  const row: usize = p << 2;
  for (let i: usize = 0; i < p; i++) {
    const beforeI = v128.load32_splat(before + (i << 2));
    const at: usize = i * row;
    for (let j: usize = 0; j < row; j += 16) {
      const kept = f32x4.mul(v128.load(from + at + j), v128.load(decay + j));
      v128.store(to + at + j, f32x4.relaxed_madd(beforeI, v128.load(gain + j), kept));
    }
  }
}

/** drive += now · w. */
export function forwardPlain(p: usize, drive: usize, w: usize, now: usize): void {
  const row: usize = p << 2;
  for (let i: usize = 0; i < p; i += 2) {
    const now0 = v128.load32_splat(now + (i << 2));
    const now1 = v128.load32_splat(now + (i << 2), 4);
    const at: usize = i * row;
    for (let j: usize = 0; j < row; j += 16) {
      const sum = f32x4.relaxed_madd(now0, v128.load(w + at + j), v128.load(drive + j));
      v128.store(drive + j, f32x4.relaxed_madd(now1, v128.load(w + at + row + j), sum));
    }
  }
}

function sum(x: v128): f32 {
  return f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

/**
 * Back through the drive, with d = ∂loss/∂drive, and through the change of the trace that made it what it is:
 * dW += now ⊗ d, dAlpha += (now ⊗ d) ∘ trace, dNow += (w + alpha ∘ trace) · d, G += (now ⊗ d) ∘ alpha;
 * then with the trace before the change, which takes its place (`old` where it was kept, else by inverting the change):
 * dBefore += G · gain, dGain += before · G, dDecay += Σ G ∘ trace, G ← G ∘ decay.
 * @param inverse 1 / decay.
 */
export function backward(
  p: usize,
  d: usize,
  w: usize,
  alpha: usize,
  trace: usize,
  old: usize,
  g: usize,
  dW: usize,
  dAlpha: usize,
  now: usize,
  before: usize,
  gain: usize,
  decay: usize,
  inverse: usize,
  dNow: usize,
  dBefore: usize,
  dGain: usize,
  dDecay: usize,
): void {
  const row: usize = p << 2;
  const zero = f32x4.splat(0);
  for (let i: usize = 0; i < p; i += 2) {
    const offset: usize = i << 2;
    const now0 = v128.load32_splat(now + offset);
    const now1 = v128.load32_splat(now + offset, 4);
    const before0 = v128.load32_splat(before + offset);
    const before1 = v128.load32_splat(before + offset, 4);
    let sumNow0 = zero;
    let sumNow1 = zero;
    let sumBefore0 = zero;
    let sumBefore1 = zero;
    const at: usize = i * row;
    for (let j: usize = 0; j < row; j += 16) {
      const place0 = at + j;
      const place1 = place0 + row;
      const dj = v128.load(d + j);
      const gainJ = v128.load(gain + j);
      const product0 = f32x4.mul(now0, dj);
      const product1 = f32x4.mul(now1, dj);
      const h0 = v128.load(trace + place0);
      const h1 = v128.load(trace + place1);
      const a0 = v128.load(alpha + place0);
      const a1 = v128.load(alpha + place1);
      v128.store(dW + place0, f32x4.add(v128.load(dW + place0), product0));
      v128.store(dW + place1, f32x4.add(v128.load(dW + place1), product1));
      v128.store(dAlpha + place0, f32x4.relaxed_madd(product0, h0, v128.load(dAlpha + place0)));
      v128.store(dAlpha + place1, f32x4.relaxed_madd(product1, h1, v128.load(dAlpha + place1)));
      sumNow0 = f32x4.relaxed_madd(dj, f32x4.relaxed_madd(a0, h0, v128.load(w + place0)), sumNow0);
      sumNow1 = f32x4.relaxed_madd(dj, f32x4.relaxed_madd(a1, h1, v128.load(w + place1)), sumNow1);
      const slope0 = f32x4.relaxed_madd(product0, a0, v128.load(g + place0));
      const slope1 = f32x4.relaxed_madd(product1, a1, v128.load(g + place1));
      let earlier0 = zero;
      let earlier1 = zero;
      if (old == 0) {
        const back = v128.load(inverse + j);
        earlier0 = f32x4.mul(f32x4.relaxed_nmadd(before0, gainJ, h0), back);
        earlier1 = f32x4.mul(f32x4.relaxed_nmadd(before1, gainJ, h1), back);
      } else {
        earlier0 = v128.load(old + place0);
        earlier1 = v128.load(old + place1);
      }
      v128.store(trace + place0, earlier0);
      v128.store(trace + place1, earlier1);
      sumBefore0 = f32x4.relaxed_madd(slope0, gainJ, sumBefore0);
      sumBefore1 = f32x4.relaxed_madd(slope1, gainJ, sumBefore1);
      const gainSum = f32x4.relaxed_madd(before0, slope0, v128.load(dGain + j));
      v128.store(dGain + j, f32x4.relaxed_madd(before1, slope1, gainSum));
      const decaySum = f32x4.relaxed_madd(slope0, earlier0, v128.load(dDecay + j));
      v128.store(dDecay + j, f32x4.relaxed_madd(slope1, earlier1, decaySum));
      const decayJ = v128.load(decay + j);
      v128.store(g + place0, f32x4.mul(slope0, decayJ));
      v128.store(g + place1, f32x4.mul(slope1, decayJ));
    }
    f32.store(dNow + offset, f32.load(dNow + offset) + sum(sumNow0));
    f32.store(dNow + offset, f32.load(dNow + offset, 4) + sum(sumNow1), 4);
    f32.store(dBefore + offset, f32.load(dBefore + offset) + sum(sumBefore0));
    f32.store(dBefore + offset, f32.load(dBefore + offset, 4) + sum(sumBefore1), 4);
  }
}

/** dW += now ⊗ d, dNow += w · d. */
export function backwardPlain(p: usize, d: usize, w: usize, dW: usize, now: usize, dNow: usize): void {
  const row: usize = p << 2;
  for (let i: usize = 0; i < p; i++) {
    const offset: usize = i << 2;
    const nowI = v128.load32_splat(now + offset);
    let sumNow = f32x4.splat(0);
    const at: usize = i * row;
    for (let j: usize = 0; j < row; j += 16) {
      const dj = v128.load(d + j);
      v128.store(dW + at + j, f32x4.relaxed_madd(nowI, dj, v128.load(dW + at + j)));
      sumNow = f32x4.relaxed_madd(dj, v128.load(w + at + j), sumNow);
    }
    f32.store(dNow + offset, f32.load(dNow + offset) + sum(sumNow));
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
    e = f32x4.add(f32x4.mul(e, r), f32x4.splat(1.0 / 720));
    e = f32x4.add(f32x4.mul(e, r), f32x4.splat(1.0 / 120));
    e = f32x4.add(f32x4.mul(e, r), f32x4.splat(1.0 / 24));
    e = f32x4.add(f32x4.mul(e, r), f32x4.splat(1.0 / 6));
    e = f32x4.add(f32x4.mul(e, r), f32x4.splat(0.5));
    e = f32x4.add(f32x4.mul(e, r), one);
    e = f32x4.add(f32x4.mul(e, r), one);
    const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(k), i32x4.splat(127)), 23);
    e = f32x4.mul(e, power);
    const large = f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(e, one)));
    const square = f32x4.mul(size, size);
    let s = f32x4.splat(62.0 / 2835);
    s = f32x4.add(f32x4.mul(s, square), f32x4.splat(-17.0 / 315));
    s = f32x4.add(f32x4.mul(s, square), f32x4.splat(2.0 / 15));
    s = f32x4.add(f32x4.mul(s, square), f32x4.splat(-1.0 / 3));
    const small = f32x4.add(size, f32x4.mul(f32x4.mul(s, square), size));
    const result = v128.bitselect(small, large, f32x4.lt(size, f32x4.splat(0.3)));
    const sign = v128.and(x, i32x4.splat(0x80000000));
    // What is no number stays none.
    v128.store(y + j, v128.bitselect(v128.or(result, sign), x, f32x4.eq(x, x)));
  }
}
