/** Connects to the lab's host; where that begins for it, what it found at its start is told. */
import { connectHost, type HostClient } from '../host-client/connect-host.ts';
import { readHostInfo } from '../host-client/host-files.ts';
import { dataFolder, type Context } from './context.ts';

/** @throws FailureError or InputError, as `connectHost`. */
export async function connectAndTell(context: Context): Promise<HostClient> {
  const data = dataFolder(context);
  const before = readHostInfo(data)?.startedAtMs;
  const client = await connectHost(data, context.program);
  if (context.output.json || readHostInfo(data)?.startedAtMs === before) return client;
  const { notices } = await client.api.host.status();
  for (const notice of notices) context.output.remark(notice);
  return client;
}
