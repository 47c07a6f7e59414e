import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostClient } from '../host-client/connect-host.ts';
import { readHostInfo } from '../host-client/host-files.ts';
import { createHostLab, linearSpec, type HostLab } from './test-support/host-lab.ts';
import {
  ask,
  connectTo,
  findFault,
  fingerprintLab,
  malformedMessages,
  sendAll,
  type Reception,
} from '../../bench/clients/hostile-clients.ts';

let lab: HostLab;
let client: HostClient;
beforeAll(async () => {
  lab = createHostLab();
  client = await lab.connect();
  await client.api.host.changeSettings({ minimumFreeBytes: 0, cpuSlots: 0, gpuSlots: 0 });
  await client.api.runs.create({ specs: [linearSpec(), linearSpec({ seed: 2 })], name: 'kept' });
});
afterAll(() => lab.remove());

const open = () => connectTo(readHostInfo(lab.data)!.socket);

describe('messages that are not what they should be', () => {
  it('never end the host nor change anything, from twenty clients, beside two front ends', async () => {
    const before = fingerprintLab(lab.data);
    const { pid } = await client.api.host.status();
    const { socket } = readHostInfo(lab.data)!;
    const counts = { answered: 0, refused: 0, closed: 0 };
    const faults: unknown[] = [];
    const onAnswer = (reception: Reception) => {
      const { answer } = reception;
      counts['closed' in answer ? 'closed' : answer.status < 400 ? 'answered' : 'refused']++;
      const fault = findFault(reception);
      if (fault !== undefined) faults.push([fault, answer, String(reception.message).slice(0, 200)]);
    };
    let [attacked, answersToOthers] = [true, 0];
    const others = [client, await lab.connect()].map(async ({ api }) => {
      for (; attacked; answersToOthers++) expect((await api.runs.list({})).total).toBe(2);
    });
    await Promise.all(Array.from({ length: 20 }, (_, seed) => sendAll(socket, malformedMessages(60, seed), onAnswer)));
    attacked = false;
    await Promise.all(others);

    expect(faults).toEqual([]);
    expect(counts.answered + counts.refused + counts.closed).toBe(1200);
    expect(counts.refused).toBeGreaterThan(480);
    expect(counts.closed).toBeGreaterThan(120);
    expect(answersToOthers).toBeGreaterThan(10);
    expect((await client.api.host.status()).pid).toBe(pid);
    expect((await client.api.runs.list({})).runs.map(({ name }) => name)).toEqual(['kept', 'kept']);
    expect(fingerprintLab(lab.data)).toBe(before);
    expect(lab.log()).not.toContain('"level":"error"');
  });

  it.each<[what: string, message: string | Uint8Array, answer: object]>([
    ['no JSON', '{"i"', { closed: 1008, reason: 'the message is not JSON' }],
    ['another envelope', '{"i":"1","p":{"u":7}}', { closed: 1008, reason: 'the message\'s envelope is wrong at "p.u"' }],
    [
      'a long key that is not ASCII',
      JSON.stringify({ i: '1', p: { u: '/host/status', h: { ['鍵'.repeat(40)]: 1 } } }),
      { closed: 1008, reason: `the message's envelope is wrong at "p.h.${'?'.repeat(36)}"` },
    ],
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
