/** The outermost shape of what a client may send, checked before anything looks inside. */
import { z } from 'zod';

/** The largest message, in bytes. */
export const maximumMessageBytes = 4 * 2 ** 20;

const id = z.union([z.string().min(1).max(64), z.int()]);

const requestSchema = z.strictObject({
  i: id,
  t: z.literal(1).exactOptional(),
  p: z.strictObject({
    u: z.string().max(1000).startsWith('/'),
    m: z.literal('POST').exactOptional(),
    h: z.record(z.string(), z.string()).exactOptional(),
    b: z.unknown(),
  }),
});

/** The client does not want the answer, or the rest of a stream, any more. */
const abortSchema = z.strictObject({ i: id, t: z.literal(4), p: z.unknown() });

/** Why `text` is not a message of this protocol, in a few words; undefined when it is one. */
export function findEnvelopeProblem(text: string): string | undefined {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return 'the message is not JSON';
  }
  const isAbort = typeof message === 'object' && message !== null && 't' in message && message.t === 4;
  const { error } = (isAbort ? abortSchema : requestSchema).safeParse(message);
  if (error === undefined) return undefined;
  const [issue] = error.issues;
  return `the message's envelope is wrong at "${issue?.path.join('.').slice(0, 40) ?? ''}"`;
}
