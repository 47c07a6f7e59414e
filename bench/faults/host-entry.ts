/** The host process of the fault campaigns: the product's, which also writes down elsewhere what the disk has. */
import { readPlaces } from './places.ts';
import { logSyncs } from './sync-log.ts';

logSyncs(readPlaces().syncs);
await import('../../main/host/entry.ts');
