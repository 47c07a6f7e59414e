/** The one client of the lab host: connects, connects again, and says how it stands. */
import { FailureError, InputError } from '../core/contract/errors.ts';
import { createClient, explain, openPort, type LabClient } from './host-link.ts';

type State = 'connecting' | 'connected' | 'lost';

const patienceMs = 8000;
const againMs = 250;

class Host {
  state = $state<State>('connecting');
  /** Why there is no connection, once it has been tried. */
  trouble = $state.raw<Error | undefined>();
  /** Grows with each new connection: whoever watches a stream begins again. */
  epoch = $state(0);

  #client: LabClient | undefined;
  #waiting = Promise.withResolvers<LabClient>();

  constructor() {
    void this.#connect();
  }

  /**
   * Calls the host; waits for a connection where there is none.
   * @throws EngramError as the host meant it.
   */
  async call<Result>(ask: (api: LabClient) => Promise<Result>): Promise<Result> {
    const client = this.#client ?? (await this.#within(this.#waiting.promise));
    try {
      return await ask(client);
    } catch (error) {
      throw explain(error);
    }
  }

  async #connect(): Promise<void> {
    for (;;) {
      try {
        const port = await openPort();
        port.addEventListener('close', () => this.#lost());
        port.start();
        this.#client = createClient(port);
        this.state = 'connected';
        this.trouble = undefined;
        this.epoch++;
        this.#waiting.resolve(this.#client);
        return;
      } catch (error) {
        this.trouble = explain(error);
        this.state = 'lost';
        await new Promise((resolve) => setTimeout(resolve, againMs));
      }
    }
  }

  #lost(): void {
    this.#client = undefined;
    this.state = 'lost';
    this.#waiting = Promise.withResolvers();
    void this.#connect();
  }

  async #within(client: Promise<LabClient>): Promise<LabClient> {
    const late = new Promise<never>((_resolve, reject) => {
      setTimeout(() => reject(this.trouble ?? new FailureError('host-away', 'the lab host does not answer')), patienceMs);
    });
    return await Promise.race([client, late]);
  }
}

export const host = new Host();

/**
 * Follows a stream of the host until it ends or `signal` says so; after a lost connection `open` is asked again.
 * @throws InputError when the host refuses it.
 */
export async function follow<Item>(
  open: (api: LabClient, signal: AbortSignal) => Promise<AsyncIterable<Item>>,
  take: (item: Item) => void,
  signal: AbortSignal,
): Promise<void> {
  const isOver = () => signal.aborted;
  while (!isOver()) {
    try {
      for await (const item of await host.call((api) => open(api, signal))) take(item);
      return;
    } catch (error) {
      if (isOver()) return;
      if (error instanceof InputError) throw error;
      await new Promise((resolve) => setTimeout(resolve, againMs));
    }
  }
}
