/** A trainer process with the tiny training (not used by the product). */
import { runTrainer } from '../run-trainer.ts';
import { buildLinearTraining } from './linear-training.ts';

process.exit(await runTrainer(process.argv[2], buildLinearTraining));
