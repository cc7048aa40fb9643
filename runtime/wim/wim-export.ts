import type { WimSession } from './wim-session.ts';

export type WimExportOptions = {
  /** The image's name in the new file, where it is not to keep its own. */
  name?: string;
  /** Makes it the image that the new file boots. */
  boot?: boolean;
};

const BOOT = 0x1;

/** Adds an image of one WIM to another. Its data is read from the first when the second is written. */
export async function exportImage(
  source: WimSession,
  image: number,
  destination: WimSession,
  { name, boot = false }: WimExportOptions,
): Promise<void> {
  const call = { task: 'read', doing: `export image ${image} of ${source.path}`, where: source.path } as const;
  await destination.lend(call, async (to) => {
    await source.run(call, {}, (done) =>
      source.library.functions.exportImage.async(source.handle, image, to, name ?? null, null, boot ? BOOT : 0, done),
    );
  });
}
