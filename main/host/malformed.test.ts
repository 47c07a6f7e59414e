import { createHash } from 'node:crypto';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { labContract } from '../../core/contract/api/index.ts';
import type { HostClient } from '../host-client/connect-host.ts';
import { readHostInfo } from '../host-client/host-files.ts';
import { openSocket } from '../host-client/open-socket.ts';
import { openSql } from './store/sql.ts';
import { createHostLab, linearSpec, type HostLab } from './test-support/host-lab.ts';

type Answer =
  { readonly closed: number; readonly reason: string } | { readonly status: number; readonly kind?: string; readonly message?: string };

let lab: HostLab;
let client: HostClient;
beforeAll(async () => {
  lab = createHostLab();
  client = await lab.connect();
  await client.api.host.changeSettings({ minimumFreeBytes: 0, cpuSlots: 0, gpuSlots: 0 });
  await client.api.runs.create({ specs: [linearSpec(), linearSpec({ seed: 2 })], name: 'kept' });
});
afterAll(() => lab.remove());

const procedures = Object.entries(labContract).flatMap(([part, contract]) => Object.keys(contract).map((name) => `/${part}/${name}`));

/** Sends one message and waits for what comes of it. */
async function ask(socket: WebSocket, message: string | Uint8Array): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer to ${String(message).slice(0, 300)}`)), 15_000);
    const settle = (answer: Answer) => {
      clearTimeout(timer);
      socket.removeAllListeners('message').removeAllListeners('close');
      resolve(answer);
    };
    socket.once('close', (closed, reason) => settle({ closed, reason: reason.toString() }));
    socket.once('message', (data: Buffer) => {
      const { p } = JSON.parse(data.toString()) as { p: { s?: number; b?: { json?: { message?: string; data?: { kind?: string } } } } };
      const { message: text, data: detail } = p.b?.json ?? {};
      settle({
        status: p.s ?? 200,
        ...(detail?.kind === undefined ? {} : { kind: detail.kind }),
        ...(text === undefined ? {} : { message: text }),
      });
    });
    socket.send(message);
  });
}

async function open(): Promise<WebSocket> {
  return (await openSocket(readHostInfo(lab.data)!.socket))!.socket;
}

/** Everything in both databases. */
function fingerprint(): string {
  const hash = createHash('sha256');
  for (const name of ['lab.db', 'series.db']) {
    const database = openSql(join(lab.data, name), 'normal');
    const tables = database.queryOnce("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%' ORDER BY name", []);
    for (const [table] of tables) hash.update(JSON.stringify([table, database.queryOnce(`SELECT * FROM "${String(table)}"`, [])]));
    database.close();
  }
  return hash.digest('hex');
}

const json = fc.jsonValue({ maxDepth: 3 });
const fields = [
  'run',
  'runs',
  'specs',
  'episodes',
  'changes',
  'name',
  'note',
  'tags',
  'to',
  'format',
  'names',
  'path',
  'job',
  'dataset',
  'limit',
  'sort',
  'query',
  'by',
  'after',
  '__proto__',
  'constructor',
];
const id = fc.nat().map((number) => `m${number}`);
const envelope = (u: fc.Arbitrary<unknown>, b: fc.Arbitrary<unknown>) =>
  fc.record({ i: id, p: fc.record({ u, b }) }).map((value) => JSON.stringify(value));
const body = fc.oneof(json, fc.dictionary(fc.constantFrom(...fields), json, { maxKeys: 5 })).map((value) => ({ json: value }));

/** Nothing that a client of ours would send. */
const malformed: fc.Arbitrary<string | Uint8Array> = fc.oneof(
  { weight: 6, arbitrary: envelope(fc.constantFrom(...procedures), body) },
  // Without input some of them would do what they are for.
  {
    weight: 1,
    arbitrary: envelope(
      fc.constantFrom(...procedures),
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
  { weight: 1, arbitrary: envelope(fc.constantFrom(...procedures), body).map((text) => text.slice(0, text.length / 2)) },
  { weight: 1, arbitrary: envelope(fc.constantFrom(...procedures), fc.record({ json, meta: json })) },
);

describe('messages that are not what they should be', () => {
  it('never end the host nor change anything, ten thousand of them from twenty clients', async () => {
    const before = fingerprint();
    const { pid } = await client.api.host.status();
    const counts: Record<string, number> = {};
    await Promise.all(
      Array.from({ length: 20 }, async (_, seed) => {
        let socket = await open();
        for (const message of fc.sample(malformed, { numRuns: 500, seed })) {
          if (socket.readyState !== socket.OPEN) socket = await open();
          const answer = await ask(socket, message);
          if ('closed' in answer) {
            expect(answer.reason).toMatch(/message/);
            counts['closed'] = (counts['closed'] ?? 0) + 1;
          } else {
            if (answer.status >= 400)
              expect([message, answer.kind, answer.message?.length]).toEqual([
                message,
                'input',
                expect.toSatisfy((length: number) => length > 10 && length < 1000),
              ]);
            counts[answer.status] = (counts[answer.status] ?? 0) + 1;
          }
        }
        socket.close();
      }),
    );
    expect(counts['closed']).toBeGreaterThan(1000);
    expect(counts[400]).toBeGreaterThan(4000);
    expect((await client.api.host.status()).pid).toBe(pid);
    expect((await client.api.runs.list({})).runs.map(({ name }) => name)).toEqual(['kept', 'kept']);
    expect(fingerprint()).toBe(before);
    expect(lab.log()).not.toContain('"level":"error"');
  });

  it.each<[what: string, message: string | Uint8Array, answer: object]>([
    ['no JSON', '{"i"', { closed: 1008, reason: 'the message is not JSON' }],
    ['another envelope', '{"i":"1","p":{"u":7}}', { closed: 1008, reason: 'the message\'s envelope is wrong at "p.u"' }],
    ['bytes', Uint8Array.of(1, 2, 255), { closed: 1008, reason: 'messages are text' }],
    ['a method that is not used', '{"i":"1","p":{"u":"/host/status","m":"GET"}}', { closed: 1008 }],
    ['an unknown procedure', '{"i":"1","p":{"u":"/host/explode"}}', { status: 400, message: 'there is no procedure "host.explode"' }],
    [
      'input where none belongs',
      '{"i":"1","p":{"u":"/host/stop","b":{"json":1}}}',
      { status: 400, message: expect.stringMatching(/^host.stop: the input: /) },
    ],
    [
      'an unknown field',
      '{"i":"1","p":{"u":"/runs/get","b":{"json":{"run":"a","more":1}}}}',
      { message: expect.stringContaining('unrecognized key: "more"') },
    ],
    [
      'a wrong field deep within',
      JSON.stringify({ i: '1', p: { u: '/runs/create', b: { json: { specs: [linearSpec(), { ...linearSpec(), batch: 0 }] } } } }),
      { message: expect.stringMatching(/^runs.create: specs.1.batch: /) },
    ],
    [
      'a body of another kind',
      '{"i":"1","p":{"u":"/runs/get","b":"text"}}',
      { closed: 1008, reason: 'the message\'s envelope is wrong at "p.b"' },
    ],
    [
      'a deep view',
      `{"i":"1","p":{"u":"/views/save","b":{"json":{"name":"deep","view":${'['.repeat(50_000)}${']'.repeat(50_000)}}}}}`,
      { closed: 1008, reason: 'the message is nested more than 64 deep' },
    ],
  ])('are answered in a way that helps: %s', async (_what, message, answer) => {
    const socket = await open();
    expect(await ask(socket, message)).toMatchObject(answer);
    socket.close();
  });

  it('are not read when they are too long', async () => {
    const socket = await open();
    expect(await ask(socket, JSON.stringify({ i: '1', p: { u: '/views/save', b: 'x'.repeat(5 * 2 ** 20) } }))).toMatchObject({
      closed: 1009,
    });
    const view = 'x'.repeat(5 * 2 ** 20);
    await expect(client.api.views.save({ name: 'large', view })).rejects.toMatchObject({ kind: 'input', code: 'message-too-large' });
    expect(await client.api.views.list()).toEqual([]);
  });
});
