/** Something that must not be found, in every form in which programs write it down. */
export interface Secret {
  /** For the report. */
  readonly name: string;
  readonly forms: readonly Buffer[];
}

/** Room ids, people, words of a message. */
export function textSecret(name: string, text: string): Secret {
  const bytes = Buffer.from(text);
  const forms = [
    bytes,
    Buffer.from(encodeURIComponent(text)),
    Buffer.from(encodeURI(text)),
    Buffer.from(JSON.stringify(text).slice(1, -1)),
    ...base64Forms(bytes),
  ];
  return { name, forms: unique([...forms, ...forms.flatMap(wide)]) };
}

/** Keys. */
export function bytesSecret(name: string, bytes: Buffer): Secret {
  const forms = [
    Buffer.from(bytes.toString('hex')),
    Buffer.from(bytes.toString('hex').toUpperCase()),
    // As an array in JSON.
    Buffer.from([...bytes].join(',')),
    ...base64Forms(bytes),
  ];
  return { name, forms: unique([bytes, ...forms, ...forms.flatMap(wide)]) };
}

/** Two bytes a character, as texts in memory and the keys of IndexedDB have them. */
function wide(form: Buffer): Buffer[] {
  const littleEndian = Buffer.from(form.toString(), 'utf16le');
  return [littleEndian, Buffer.from(littleEndian).swap16()];
}

/** What stands in the base64 of anything that contains the bytes, wherever they begin. */
function base64Forms(bytes: Buffer): Buffer[] {
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replaceAll('=', '');
    // The first and the last characters also hold bits of what stands beside.
    const certain = encoded.slice(before === 0 ? 0 : before + 1, (before + bytes.length) % 3 === 0 ? undefined : -1);
    return [Buffer.from(certain), Buffer.from(certain.replaceAll('+', '-').replaceAll('/', '_'))];
  });
}

function unique(forms: readonly Buffer[]): Buffer[] {
  return [...new Map(forms.map((form) => [form.toString('latin1'), form])).values()];
}
