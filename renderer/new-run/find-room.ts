/** How much memory and disk a new run may take on this machine, now. */
import type { HostStatus } from '../../core/contract/api/lab.ts';
import type { BackendReport } from '../../core/contract/backend-report.ts';
import type { Estimation } from './estimation.svelte.ts';
import type { Room } from './room.ts';

export function findRoom(
  { machine, reserveBytes }: Pick<Estimation, 'machine' | 'reserveBytes'>,
  status: HostStatus | undefined,
  report: BackendReport | undefined,
  device: string,
): Room {
  const diskBytes = status === undefined ? undefined : status.freeBytes - reserveBytes;
  if (machine === undefined) return { memoryBytes: undefined, diskBytes };
  const used = report?.devices.find(({ name }) => name === device) ?? report?.devices[0];
  const [card] = machine.gpus;
  const isOnCard = used !== undefined && /gpu|nvidia|radeon|geforce/i.test(`${used.name} ${used.description}`);
  if (!isOnCard) return { memoryBytes: machine.memoryTotalBytes - machine.memoryUsedBytes, diskBytes };
  // A card that does not tell its memory: nobody knows.
  if (card === undefined || card.memoryTotalBytes === null) return { memoryBytes: undefined, diskBytes };
  return { memoryBytes: card.memoryTotalBytes - (card.memoryUsedBytes ?? 0), diskBytes };
}
