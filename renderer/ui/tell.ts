/** Words that come up at the edge of the page: what was done, with a way back, and errors, which stay until they are closed. */
import { toast } from 'svelte-sonner';

export function tell(message: string, undo?: () => void): void {
  toast(message, undo === undefined ? {} : { action: { label: 'Undo', onClick: undo }, duration: 8000 });
}

/** For what nobody sees elsewhere on the screen. */
export function tellError(error: unknown, doing?: string): void {
  const message = error instanceof Error ? error.message : String(error);
  toast.error(doing ?? 'That did not work', { description: message, duration: Infinity });
}

/** Does it, and tells what went wrong. */
export async function attempt(work: () => Promise<unknown>, doing?: string): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    tellError(error, doing);
    return false;
  }
}
