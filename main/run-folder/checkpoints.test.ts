import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngramError } from '../../core/contract/errors.ts';
import { mutations } from '../../core/files/mutations.ts';
import { decodeSafetensors, type NamedArrays } from '../../core/files/safetensors.ts';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from './checkpoint-file.ts';
import { findNewestCheckpoint, isWeightsMark, tidyCheckpoints, writeCheckpoint, writeWeights } from './checkpoints.ts';

const arrays = (value: number): NamedArrays => ({
  w: { dtype: 'F32', shape: [2, 2], data: Float32Array.of(value, -0, 1e-40, 3) },
  'adam/count': { dtype: 'I32', shape: [1], data: Int32Array.of(value) },
});
const checkpointAt = (iteration: number): Checkpoint => ({
  saved: { arrays: arrays(iteration), state: { iteration, episodes: 2 * iteration, opaque: { random: [1, -2, 3, 4], 'ü"': null } } },
  seconds: iteration / 7,
});

let run: string;
let folder: string;
beforeEach(() => {
  run = mkdtempSync(join(tmpdir(), 'engram-checkpoints-'));
  folder = join(run, 'checkpoints');
});
afterEach(() => rmSync(run, { recursive: true }));

function damage(file: string): void {
  const bytes = readFileSync(join(run, file));
  bytes[bytes.length - 3]! ^= 4;
  writeFileSync(join(run, file), bytes);
}

describe('a checkpoint file', () => {
  it('gives back what went in, bit for bit', () => {
    const { bytes, sha256 } = encodeCheckpoint(checkpointAt(7));
    expect(decodeCheckpoint(bytes)).toEqual({ ...checkpointAt(7), sha256 });
  });

  it('is refused or equal to what was written, for any mutation', () => {
    const { bytes, sha256 } = encodeCheckpoint(checkpointAt(7));
    let refused = 0;
    fc.assert(
      fc.property(mutations(), (mutate) => {
        try {
          expect(decodeCheckpoint(mutate(bytes))).toEqual({ ...checkpointAt(7), sha256 });
        } catch (error) {
          expect(error).toBeInstanceOf(EngramError);
          expect(error).toMatchObject({ code: 'checkpoint-damaged' });
          refused++;
        }
      }),
      { numRuns: 4000 },
    );
    expect(refused).toBeGreaterThan(3000);
  });
});

describe('the checkpoints of a run', () => {
  it('are kept in full for the last two, and as weights for good', async () => {
    for (const iteration of [100, 150, 200, 250]) {
      await writeCheckpoint(folder, checkpointAt(iteration));
      if (isWeightsMark(iteration)) await writeWeights(folder, { w: arrays(iteration)['w']! }, { iteration, episodes: 1, seconds: 1 });
    }
    expect(readdirSync(folder).sort()).toEqual([
      '000000100.weights.safetensors',
      '000000200.safetensors',
      '000000200.weights.safetensors',
      '000000250.safetensors',
    ]);
    const weights = decodeSafetensors(readFileSync(join(folder, '000000100.weights.safetensors')));
    expect(weights.arrays).toEqual({ w: arrays(100)['w'] });
    expect((await findNewestCheckpoint(folder)).checkpoint).toMatchObject(checkpointAt(250));
  });

  it('are named with what their files are', async () => {
    const record = await writeCheckpoint(folder, checkpointAt(5));
    expect(record).toMatchObject({
      type: 'checkpoint',
      iteration: 5,
      episodes: 10,
      kind: 'full',
      file: 'checkpoints/000000005.safetensors',
    });
    const file = readFileSync(join(run, record.file));
    expect(file.length).toBe(record.bytes);
    expect(decodeSafetensors(file).metadata['sha256']).toBe(record.sha256);
  });

  it('fall back to the one before when the newest is damaged, and set that one aside', async () => {
    await writeCheckpoint(folder, checkpointAt(1));
    damage((await writeCheckpoint(folder, checkpointAt(2))).file);
    const found = await findNewestCheckpoint(folder);
    expect(found.checkpoint).toMatchObject({ ...checkpointAt(1), file: 'checkpoints/000000001.safetensors' });
    expect(found.damaged).toEqual([{ file: 'checkpoints/000000002.safetensors', reason: 'its content does not fit its hash' }]);

    writeFileSync(join(folder, '000000003.safetensors.99.unfinished'), 'half');
    await tidyCheckpoints(folder, found);
    expect(readdirSync(folder).sort()).toEqual(['000000001.safetensors', '000000002.safetensors.damaged']);
    await writeCheckpoint(folder, checkpointAt(3));
    expect(existsSync(join(folder, '000000001.safetensors'))).toBe(true);
  });

  it('may be none', async () => {
    expect(await findNewestCheckpoint(folder)).toEqual({ damaged: [] });
    damage((await writeCheckpoint(folder, checkpointAt(2))).file);
    expect(await findNewestCheckpoint(folder)).toMatchObject({ damaged: [{ file: 'checkpoints/000000002.safetensors' }] });
  });

  it('sort by iteration, however long their numbers are', async () => {
    for (const iteration of [999_999_999, 1_000_000_001]) await writeCheckpoint(folder, checkpointAt(iteration));
    expect((await findNewestCheckpoint(folder)).checkpoint?.saved.state.iteration).toBe(1_000_000_001);
  });
});

it('weights are kept at 1, 2 and 5 times the powers of ten, from 100', () => {
  const marks = Array.from({ length: 20_001 }, (_, iteration) => iteration).filter(isWeightsMark);
  expect(marks).toEqual([100, 200, 500, 1000, 2000, 5000, 10_000, 20_000]);
});
