/** Reads a body whole. @throws RangeError once it is longer than `bytesMax`, without reading on. */
export async function readBytes(
  response: Response,
  bytesMax: number,
  onProgress: () => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const part of partsOf(response)) {
    length += part.length;
    if (length > bytesMax) throw new RangeError(`more than ${bytesMax} bytes`);
    parts.push(part);
    onProgress();
  }
  return join(parts, length);
}

/** Safari's streams cannot be iterated. */
async function* partsOf(response: Response): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
