/** One trainer's time with a run: the lock, the journal and what stood in it before. */
import type { JournalRecord } from '../../core/contract/journal-records.ts';
import { collectHistory, type JournalHistory } from '../run-folder/journal-history.ts';
import { createJournalTail } from '../run-folder/journal-reader.ts';
import { openJournal, type JournalWriter } from '../run-folder/journal-writer.ts';
import { acquireRunLock } from '../run-folder/run-lock.ts';
import type { RunPaths } from '../run-folder/run-paths.ts';
import { recentEpisodes } from './recent-means.ts';

export interface Session {
  readonly paths: RunPaths;
  readonly journal: JournalWriter;
  /** What earlier sessions wrote; of the metrics those that whoever goes on needs. */
  readonly history: JournalHistory;
  /** Something that a person may want to know. */
  log(level: 'info' | 'warning' | 'error', message: string): void;
  event(name: string, message: string, level?: 'info' | 'warning'): void;
  close(): void;
}

/**
 * Takes the run for this process and opens its journal behind the last good record.
 * @throws InputError `run-busy` while another trainer has it.
 */
export function openSession(paths: RunPaths): Session {
  const lock = acquireRunLock(paths.lock);
  try {
    const earlier = collectHistory({ episodesBefore: recentEpisodes });
    const tail = createJournalTail(paths.journal);
    tail.each(earlier.add);
    const { position, problem } = tail;
    const journal = openJournal(paths.journal, position);
    const write = (record: JournalRecord) => {
      journal.append(record);
      journal.flush();
    };
    const session: Session = {
      paths,
      journal,
      history: earlier.history(),
      log: (level, message) => write({ type: 'log', atMs: Date.now(), level, message }),
      event: (name, message, level) => write({ type: 'event', atMs: Date.now(), name, message, ...(level === undefined ? {} : { level }) }),
      close: () => {
        try {
          journal.close();
        } finally {
          lock.release();
        }
      },
    };
    if (problem !== undefined) {
      const rest = 'what follows was copied aside and cut off';
      session.event(
        'journal-torn',
        `the journal is damaged at byte ${problem.offset}, record ${problem.sequence} (${problem.reason}); ${rest}`,
      );
    }
    return session;
  } catch (error) {
    lock.release();
    throw error;
  }
}
