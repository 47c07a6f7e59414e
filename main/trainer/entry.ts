/** Where a trainer process begins. */
import { buildTraining } from './build-training.ts';
import { runTrainer } from './run-trainer.ts';

// Native libraries may keep threads that would hold the process: leave explicitly.
process.exit(await runTrainer(process.argv[2], buildTraining));
