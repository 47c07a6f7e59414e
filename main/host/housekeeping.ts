/** What a host does now and then: copies of the small database, and a check of the large one when nothing else is going on. */
import { existsSync } from 'node:fs';
import type { Lab } from './lab.ts';
import { backUp, isBackupDue } from './store/backups.ts';
import { findSeriesDamage, isSeriesCheckDue, noteSeriesCheck } from './store/check-series.ts';
import { markDamaged } from './store/damage-marker.ts';

/** Whoever started the host gets answers first. */
const firstLookMs = 2000;
/** Often enough that no day is missed, even where the machine sleeps at night. */
const lookEveryMs = 10 * 60 * 1000;
/** How soon a check makes way for a training. */
const watchEveryMs = 500;

/** Until the returned function is called. */
export function keepHouse(lab: Lab): () => void {
  const stopping = new AbortController();
  let checking = false;
  const look = () => {
    backUpDaily(lab);
    if (checking || !isQuiet(lab)) return;
    checking = true;
    void checkSeries(lab, stopping.signal).finally(() => (checking = false));
  };
  const first = setTimeout(look, firstLookMs);
  const timer = setInterval(look, lookEveryMs);
  return () => {
    clearTimeout(first);
    clearInterval(timer);
    stopping.abort();
    backUpDaily(lab);
  };
}

function backUpDaily(lab: Lab): void {
  try {
    // A folder that was taken away is not made again.
    if (existsSync(lab.dataFolder) && isBackupDue(lab.dataFolder)) backUp(lab.stores.lab, lab.dataFolder);
  } catch (error) {
    lab.log.error('the daily copy of the database could not be made', error);
  }
}

/** Nothing trains, and nobody replaces the databases. */
function isQuiet(lab: Lab): boolean {
  return lab.jobs.active === 0 && lab.queue.running === 0;
}

/** At most once a day; what a training ends is tried again at the next look. */
async function checkSeries(lab: Lab, stopping: AbortSignal): Promise<void> {
  const making = new AbortController();
  const watch = setInterval(() => {
    if (!isQuiet(lab)) making.abort();
  }, watchEveryMs);
  try {
    const { series } = lab.stores;
    if (!isSeriesCheckDue(series)) return;
    const signal = AbortSignal.any([stopping, making.signal]);
    const damage = await findSeriesDamage(series, signal);
    if (signal.aborted) return;
    noteSeriesCheck(series);
    if (damage === undefined) return;
    markDamaged(lab.dataFolder);
    lab.tell(`series.db is damaged (${damage}); at the next start it is put aside, and its metrics are read again from the run folders`);
  } catch (error) {
    if (!stopping.aborted) lab.log.error('series.db could not be checked', error);
  } finally {
    clearInterval(watch);
  }
}
