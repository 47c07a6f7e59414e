/** The outermost shape of what a client may send, checked before anything looks inside. */
import { z } from 'zod';

/** The largest message, in bytes. */
export const maximumMessageBytes = 4 * 2 ** 20;

/** No input of the contract is nearly as deep, and checking one that is could take the whole stack. */
const maximumDepth = 64;

const id = z.union([z.string().min(1).max(64), z.int()]);

const requestSchema = z.strictObject({
  i: id,
  t: z.literal(1).exactOptional(),
  p: z.strictObject({
    u: z.string().max(1000).startsWith('/'),
    m: z.literal('POST').exactOptional(),
    h: z.record(z.string(), z.string()).exactOptional(),
    /** Plain JSON: none of the RPC library's ways to send dates, sets or files. */
    b: z.strictObject({ json: z.unknown().optional() }).exactOptional(),
  }),
});

/** The client does not want the answer, or the rest of a stream, any more. */
const abortSchema = z.strictObject({ i: id, t: z.literal(4), p: z.unknown().optional() });

/** Why `text` is not a message of this protocol, in a few words that fit into a close frame (123 bytes); undefined when it is one. */
export function findEnvelopeProblem(text: string): string | undefined {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return 'the message is not JSON';
  }
  if (isDeeper(message, maximumDepth)) return `the message is nested more than ${maximumDepth} deep`;
  const isAbort = typeof message === 'object' && message !== null && 't' in message && message.t === 4;
  const { error } = (isAbort ? abortSchema : requestSchema).safeParse(message);
  if (error === undefined) return undefined;
  // A part of it may be the client's own words: of what is not ASCII, a character can be several bytes.
  const path =
    error.issues[0]?.path
      .join('.')
      .slice(0, 40)
      .replaceAll(/[^ -~]/g, '?') ?? '';
  return `the message's envelope is wrong at "${path}"`;
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((member) => isDeeper(member, depth - 1));
}
