import type { ContentPlace } from '../../contract/content-from.ts';
import type { Exec } from '../../host/exec.ts';
import type { MountedMedium } from '../platform.ts';
import { mountContentFolder } from './content-folder.ts';
import { mountNetworkMedium } from './network-medium.ts';
import { mountShare } from './share.ts';

export type ContentAccess = {
  exec: Exec;
  sys: string;
  dev: string;
  log: (message: string) => void;
  password?: string | undefined;
  signal?: AbortSignal | undefined;
};

/** Mounts what a bootable medium names as its content. Init has brought the network up. */
export async function mountContent(place: ContentPlace, access: ContentAccess): Promise<MountedMedium> {
  if (place.kind === 'url') return mountNetworkMedium({ ...access, url: place.url, id: undefined });
  return place.kind === 'share' ? mountShare(place, access) : mountContentFolder(place, access);
}
