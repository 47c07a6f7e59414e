/** Procedures about the TensorFlow runtime. */
import type { ApiContext, Implementer } from './context.ts';

export function createRuntimeRouter(os: Implementer['runtime'], { lab: { runtime } }: ApiContext) {
  return {
    look: os.look.handler(() => runtime.look()),
    bring: os.bring.handler(() => ({ job: runtime.bring().id })),
  };
}
