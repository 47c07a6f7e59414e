/** Procedures about what goes out of the lab and comes in. */
import { startExport } from '../transfer/export-runs.ts';
import { startImport } from '../transfer/import-run.ts';
import { findIds, type ApiContext, type Implementer } from './context.ts';

export function createTransferRouter(os: Implementer['transfer'], { lab }: ApiContext) {
  return {
    exportRuns: os.exportRuns.handler(({ input: { runs, ...request } }) => ({
      job: startExport(lab, { ids: findIds(lab, runs), ...request }).id,
    })),
    importRun: os.importRun.handler(({ input: { path } }) => ({ job: startImport(lab, path).id })),
  };
}
