import type { Attachment } from 'svelte/attachments';
import type { ShownPicture } from '../../platform/page-media.ts';

/**
 * Loads a received picture into an image element.
 * @param source `Attachment.source` or `Attachment.thumbnail`.
 * @param onGone called if it is not there or cannot be had now.
 */
export function receivedPicture(source: string, onGone: () => void): Attachment<HTMLImageElement> {
  return (image) => {
    let release = (): void => undefined;
    let isEnded = false;

    const show = async (): Promise<void> => {
      const shown = await load(source);
      if (isEnded) return shown?.release();
      if (!shown) return onGone();
      release = shown.release;
      image.src = shown.address;
    };
    show().catch(onGone);
    return () => {
      isEnded = true;
      release();
    };
  };
}

/** How media are asked for is loaded with the first of them. */
async function load(source: string): Promise<ShownPicture | null> {
  const { showPicture } = await import('../../platform/page-media.ts');
  return showPicture(source);
}
