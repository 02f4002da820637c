import type { Attachment } from 'svelte/attachments';

/** Shows a picture that is only on this device. */
export function showFile(file: File): Attachment<HTMLImageElement> {
  return (image) => {
    const address = URL.createObjectURL(file);
    image.src = address;
    return () => URL.revokeObjectURL(address);
  };
}
