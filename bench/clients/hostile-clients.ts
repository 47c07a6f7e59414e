/** Clients that send anything but what they should, for the bench and the tests of the host. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import fc from 'fast-check';
import type { WebSocket } from 'ws';
import { labContract } from '../../core/contract/api/index.ts';
import { openSocket } from '../../main/host-client/open-socket.ts';
import { maximumMessageBytes } from '../../main/host/server/envelope.ts';
import { openSql } from '../../main/host/store/sql.ts';

export type Answer =
  | { readonly closed: number; readonly reason: string }
  | { readonly status: number; readonly kind?: string; readonly code?: string; readonly message?: string };

const patienceMs = 60_000;

/** Sends one message and waits for what comes of it. */
export async function ask(socket: WebSocket, message: string | Uint8Array): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer to ${String(message).slice(0, 300)}`)), patienceMs);
    const settle = (answer: Answer) => {
      clearTimeout(timer);
      socket.removeAllListeners('message').removeAllListeners('close');
      resolve(answer);
    };
    socket.once('close', (closed, reason) => settle({ closed, reason: reason.toString() }));
    socket.once('message', (data: Buffer) => settle(readAnswer(data.toString())));
    socket.send(message);
  });
}

function readAnswer(text: string): Answer {
  const { p } = JSON.parse(text) as { p: { s?: number; b?: { json?: { message?: string; data?: { kind?: string; code?: string } } } } };
  const { message, data } = p.b?.json ?? {};
  return {
    status: p.s ?? 200,
    ...(data?.kind === undefined ? {} : { kind: data.kind }),
    ...(data?.code === undefined ? {} : { code: data.code }),
    ...(message === undefined ? {} : { message }),
  };
}

const procedures = Object.entries(labContract).flatMap(([part, contract]) => Object.keys(contract).map((name) => `/${part}/${name}`));
const fields =
  'run runs specs episodes changes name note tags to format names path job dataset limit sort query by after __proto__ constructor';

const json = fc.jsonValue({ maxDepth: 3 });
const id = fc.nat().map((number) => `m${number}`);
const envelope = (u: fc.Arbitrary<unknown>, b: fc.Arbitrary<unknown>) =>
  fc.record({ i: id, p: fc.record({ u, b }) }).map((value) => JSON.stringify(value));
const procedure = fc.constantFrom(...procedures);
const body = fc.oneof(json, fc.dictionary(fc.constantFrom(...fields.split(' ')), json, { maxKeys: 5 })).map((value) => ({ json: value }));
/** Near what the host reads, and beyond. */
const long = (bytes: number) => (name: string) =>
  JSON.stringify({ i: 'long', p: { u: name, b: { json: { name: '', view: 'x'.repeat(bytes) } } } });

/** Nothing that a client of ours would send. */
const malformed: fc.Arbitrary<string | Uint8Array> = fc.oneof(
  { weight: 6, arbitrary: envelope(procedure, body) },
  // Without input some of them would do what they are for.
  {
    weight: 1,
    arbitrary: envelope(
      procedure,
      json.filter((value) => JSON.stringify(value) !== '{}'),
    ),
  },
  {
    weight: 1,
    arbitrary: envelope(
      fc.string().map((text) => `/${text}`),
      body,
    ),
  },
  { weight: 1, arbitrary: envelope(json, body) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string() },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 200 }) },
  { weight: 1, arbitrary: envelope(procedure, body).map((text) => text.slice(0, text.length / 2)) },
  { weight: 1, arbitrary: envelope(procedure, fc.record({ json, meta: json })) },
);
const oversized = procedure.map(long(maximumMessageBytes + 1));
const nearlyOversized = procedure.map(long(maximumMessageBytes - 1000));

/** One in a hundred is oversized, one in a hundred nearly. */
export function malformedMessages(count: number, seed: number): (string | Uint8Array)[] {
  const messages = fc.sample(malformed, { numRuns: count, seed });
  for (let at = 15; at < count; at += 100) messages[at] = fc.sample(oversized, { numRuns: 1, seed: seed + at })[0]!;
  for (let at = 45; at < count; at += 100) messages[at] = fc.sample(nearlyOversized, { numRuns: 1, seed: seed + at })[0]!;
  return messages;
}

export interface Reception {
  readonly message: string | Uint8Array;
  readonly answer: Answer;
}

/** Sends them one after another, by a new connection whenever the host has closed the last one. */
export async function sendAll(
  socketPath: string,
  messages: readonly (string | Uint8Array)[],
  onAnswer: (reception: Reception) => void,
): Promise<void> {
  let socket = await connectTo(socketPath);
  for (const message of messages) {
    if (socket.readyState !== socket.OPEN) socket = await connectTo(socketPath);
    onAnswer({ message, answer: await ask(socket, message) });
  }
  socket.close();
}

export async function connectTo(socketPath: string): Promise<WebSocket> {
  const opened = await openSocket(socketPath);
  if (opened === undefined) throw new Error(`nobody listens at ${socketPath}`);
  return opened.socket;
}

/** Why an answer does not help whoever sent the message; undefined when it does. */
export function findFault({ answer }: Reception): string | undefined {
  if ('closed' in answer) {
    if (answer.closed === 1009) return undefined;
    return answer.closed === 1008 && /message/.test(answer.reason) ? undefined : 'closed without a reason';
  }
  const { status, kind, code, message = '' } = answer;
  if (status < 400) return undefined;
  if (kind !== 'input') return 'not the sender’s error';
  if (message.length < 10 || message.length > 1000) return 'no sentence';
  // The procedure, the field within its input, and the rule.
  if (code === 'field-invalid' && !/^\w+\.\w+: [^:]+: ./su.test(message)) return 'no field named';
  return undefined;
}

/** Everything in both databases. */
export function fingerprintLab(data: string): string {
  const hash = createHash('sha256');
  for (const name of ['lab.db', 'series.db']) {
    const database = openSql(join(data, name), 'normal');
    const tables = database.queryOnce("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%' ORDER BY name", []);
    for (const [table] of tables) hash.update(JSON.stringify([table, database.queryOnce(`SELECT * FROM "${String(table)}"`, [])]));
    database.close();
  }
  return hash.digest('hex');
}
