import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../core/contract/journal-records.ts';
import { mutations } from '../../core/files/mutations.ts';
import { decodeRecords, encodeRecord, journalStart } from './journal-format.ts';
import { readHistory } from './journal-history.ts';
import { createJournalTail, readJournal } from './journal-reader.ts';
import { openJournal } from './journal-writer.ts';

const log = (message: string): JournalRecord => ({ type: 'log', atMs: 1, level: 'info', message });
const metrics = (iteration: number, loss = iteration): JournalRecord => ({
  type: 'metrics',
  iteration,
  episodes: iteration,
  batch: 1,
  seconds: 0.1,
  episodesPerSecond: 10,
  rssBytes: 1e6,
  values: { loss, relativeError: 0.5 },
});

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engram-journal-'));
  path = join(folder, 'journal');
});
afterEach(() => rmSync(folder, { recursive: true }));

const records = [log('begin'), metrics(1, 0.1 + 0.2), log('ü – "quoted"\nline'), metrics(2, 1e-300), log('')];
const encode = (all: readonly JournalRecord[]) => Buffer.from(all.map((record, index) => encodeRecord(index + 1, record)).join(''));

describe('a damaged journal', () => {
  const bytes = encode(records);

  it('is read up to the record that is cut, wherever it is cut', () => {
    for (let length = 0; length < bytes.length; length++) {
      const part = decodeRecords(bytes.subarray(0, length), journalStart);
      expect(part.records).toEqual(records.slice(0, part.records.length));
      expect(part.position).toEqual({ offset: encode(part.records.slice()).length, sequence: part.records.length + 1 });
      expect(part.problem === undefined).toBe(part.position.offset === length);
    }
  });

  it('is read up to the record that is changed, whichever bit of whichever byte is', () => {
    for (let at = 0; at < bytes.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const changed = Buffer.from(bytes);
        changed[at]! ^= 1 << bit;
        const part = decodeRecords(changed, journalStart);
        expect(part.records).toEqual(records.slice(0, part.records.length));
        expect(part.position.offset).toBeLessThanOrEqual(at);
        expect(part.problem?.offset).toBe(part.position.offset);
      }
    }
  });

  it('never gives anything but a beginning of what was written, for any mutation', () => {
    fc.assert(
      fc.property(mutations(), (mutate) => {
        const part = decodeRecords(mutate(bytes), journalStart);
        expect(part.records).toEqual(records.slice(0, part.records.length));
      }),
      { numRuns: 3000 },
    );
  });

  it('says why', () => {
    const reasonFor = (text: string) => decodeRecords(Buffer.from(text), journalStart).problem?.reason;
    expect(reasonFor('1 00000000 {}\n')).toBe("the record's checksum does not fit its content");
    expect(reasonFor(encodeRecord(2, log('')))).toBe('the record has number 2 instead of 1');
    expect(reasonFor('hello\n')).toBe('the line is not a record');
    expect(reasonFor('1 ')).toBe('the record has no end');
  });

  it('keeps its tail aside when it is taken up again', () => {
    writeFileSync(path, Buffer.concat([bytes, Buffer.from('6 dead')]));
    const { position, problem } = readJournal(path);
    expect(problem).toMatchObject({ offset: bytes.length, sequence: 6 });
    const journal = openJournal(path, position);
    journal.append(log('again'));
    journal.close();
    expect(readJournal(path)).toMatchObject({ records: [...records, log('again')] });
    expect(readFileSync(`${path}.torn-1`, 'utf8').endsWith('6 dead')).toBe(true);
  });

  it('is left as it is when nothing is torn', () => {
    writeFileSync(path, bytes);
    openJournal(path, readJournal(path).position).close();
    expect(readdirSync(folder)).toEqual(['journal']);
    expect(readFileSync(path)).toEqual(bytes);
  });
});

describe('a journal', () => {
  it('gives back what was appended, over several sessions', () => {
    for (const record of records) {
      const journal = openJournal(path, readJournal(path).position);
      journal.append(record);
      journal.close();
    }
    expect(readJournal(path)).toEqual({ records, position: { offset: encode(records).length, sequence: records.length + 1 } });
  });

  it('writes the first record at once, and later ones together', () => {
    const journal = openJournal(path, journalStart);
    journal.append(log('1'));
    expect(readJournal(path).records).toHaveLength(1);
    for (let count = 2; count <= 50; count++) journal.append(log(String(count)));
    journal.flush();
    expect(readJournal(path).records).toHaveLength(50);
    journal.close();
  });

  it('steps over intact records of kinds that it does not know', () => {
    const payload = '{"type":"later"}';
    const unknown = `2 ${crc32(`2 ${payload}`).toString(16).padStart(8, '0')} ${payload}\n`;
    const part = decodeRecords(Buffer.from(encodeRecord(1, log('a')) + unknown + encodeRecord(3, log('b'))), journalStart);
    expect(part).toMatchObject({ records: [log('a'), log('b')], unknown: 1, position: { sequence: 4 } });
  });

  it('reads results whose score was still called relativeError', () => {
    const common = { type: 'evaluation', atMs: 1, iteration: 2, episodes: 2, heldOutEpisodes: 100, loss: 20 } as const;
    const old = { ...common, relativeError: 0.25 } as unknown as JournalRecord;
    expect(decodeRecords(encode([old]), journalStart).records).toEqual([{ ...common, score: 0.25 }]);

    const end = { type: 'end', atMs: 1, status: 'finished', iteration: 2, episodes: 2, seconds: 3, episodesPerSecond: 1 } as const;
    const oldEnd = { ...end, peakRssBytes: 5, loss: 20, relativeError: 0.25 } as unknown as JournalRecord;
    expect(decodeRecords(encode([oldEnd]), journalStart).records).toEqual([{ ...end, peakRssBytes: 5, loss: 20, score: 0.25 }]);
  });

  it('is empty when it is not there', () => {
    expect(readJournal(path)).toEqual({ records: [], position: journalStart });
  });

  it('is read in pieces when it is long', () => {
    const long = Array.from({ length: 5000 }, (_, index) => log(String(index).padStart(1500, '.')));
    writeFileSync(path, encode(long));
    expect(readJournal(path).records).toEqual(long);
  });
});

describe('following a journal', () => {
  it('gives each record once, and a half-written one when it is whole', () => {
    const tail = createJournalTail(path);
    expect(tail.poll()).toEqual([]);
    const bytes = encode(records);
    writeFileSync(path, '');
    const seen: JournalRecord[] = [];
    for (let at = 0; at < bytes.length; at += 37) {
      appendFileSync(path, bytes.subarray(at, at + 37));
      seen.push(...tail.poll());
    }
    expect(seen).toEqual(records);
    expect(tail.problem).toBeUndefined();
  });

  it('waits at a torn end until the next session has cut it off', () => {
    const bytes = encode(records.slice(0, 2));
    writeFileSync(path, Buffer.concat([bytes, Buffer.from('3 torn\n')]));
    const tail = createJournalTail(path);
    expect(tail.poll()).toHaveLength(2);
    expect(tail.poll()).toEqual([]);
    expect(tail.problem).toMatchObject({ offset: bytes.length });
    truncateSync(path, bytes.length);
    appendFileSync(path, encodeRecord(3, records[2]!));
    expect(tail.poll()).toEqual([records[2]]);
  });
});

describe('readHistory', () => {
  const rewind = (iteration: number): JournalRecord => ({ type: 'rewind', atMs: 1, iteration, episodes: iteration });

  it('replaces what was trained again', () => {
    const history = readHistory([
      metrics(1),
      metrics(2),
      metrics(3),
      rewind(1),
      metrics(2, 20),
      rewind(1),
      metrics(2, 200),
      metrics(3, 300),
    ]);
    expect(history.metrics.map(({ iteration, values }) => [iteration, values['loss']])).toEqual([
      [1, 1],
      [2, 200],
      [3, 300],
    ]);
  });

  it('keeps of the metrics what the last two full checkpoints can still need, where that is enough', () => {
    const checkpoint = (iteration: number): JournalRecord => ({
      ...{ type: 'checkpoint', atMs: 1, iteration, episodes: iteration, seconds: 1, kind: 'full' },
      ...{ file: `checkpoints/${iteration}`, bytes: 1, sha256: '' },
    });
    const records: JournalRecord[] = [];
    for (let iteration = 1; iteration <= 1000; iteration++) {
      records.push(metrics(iteration));
      if (iteration % 100 === 0) records.push(checkpoint(iteration));
    }
    const kept = readHistory(records, { episodesBefore: 50 }).metrics;
    expect([kept[0]!.episodes > 850, kept[0]!.iteration, kept.at(-1)!.iteration]).toEqual([true, 851, 1000]);
    expect(readHistory([...records, rewind(900)], { episodesBefore: 50 }).metrics).toHaveLength(50);
    expect(readHistory(records).metrics).toHaveLength(1000);
  });

  it('never counts an iteration twice, however often a run was taken up', () => {
    const sessions = fc.array(fc.tuple(fc.nat(30), fc.nat(30)), { maxLength: 8 });
    fc.assert(
      fc.property(sessions, (all) => {
        const written: JournalRecord[] = [];
        let iteration = 0;
        for (const [back, steps] of all) {
          iteration = Math.max(0, iteration - back);
          written.push(rewind(iteration));
          for (let step = 0; step < steps; step++) written.push(metrics(++iteration));
        }
        expect(readHistory(written).metrics.map((record) => record.iteration)).toEqual(
          Array.from({ length: iteration }, (_, index) => index + 1),
        );
      }),
    );
  });
});
