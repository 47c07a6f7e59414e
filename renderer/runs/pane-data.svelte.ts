/** What the pane shows of a run beyond its row: details and a thinned curve; renewed while the run goes on. */
import type { ThinnedSeries } from '../../core/contract/api/metrics.ts';
import type { RunDetails } from '../../core/contract/api/runs.ts';
import { host } from '../host.svelte.ts';

/** One who runs through the table with the arrow keys asks for nothing. */
const patienceMs = 70;
const renewEveryMs = 2000;
const points = 160;

export class PaneData {
  details = $state.raw<RunDetails | undefined>();
  curve = $state.raw<ThinnedSeries | undefined>();

  /** Until the returned function is called. */
  follow(run: string, isLive: () => boolean): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const look = async () => {
      try {
        const [details, [curve]] = await Promise.all([
          host.call((api) => api.runs.get({ run })),
          host.call((api) => api.metrics.thinned({ runs: [run], names: ['loss'], points })),
        ]);
        if (isOver) return;
        this.details = details;
        this.curve = curve;
      } catch {
        // It is gone, or the host is away: the table and the status bar say so.
      }
      if (!isOver && isLive()) timer = setTimeout(() => void look(), renewEveryMs);
    };
    timer = setTimeout(() => void look(), patienceMs);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }
}
