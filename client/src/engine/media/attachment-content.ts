/** Contents of received `m.image` and `m.file` events. Any member can send any JSON: nothing is believed unread. */
import { isBlurhashValid } from 'blurhash';
import { z } from 'zod';
import { parseMxc, type Mxc } from '../matrix/mxc.ts';
import type { Attachment } from '../protocol.ts';
import { cleanFileName } from './file-name.ts';
import type { MediaReference } from './media-sources.ts';
import { isPictureType } from './picture-type.ts';

export interface ReceivedAttachment {
  readonly kind: 'image' | 'file';
  readonly attachment: Attachment;
  /** What the sender wrote below it, plain; `formatted_body` of the same content belongs to it. */
  readonly caption: string | null;
}

const longestEdge = 65_535;
const longestText = 65_536;
/** German is the first language here; a file without a usable name is rare. */
const nameless = 'Datei';
const otherType = 'application/octet-stream';

const mxcSchema = z.unknown().transform((value, context): Mxc => {
  const mxc = parseMxc(value);
  if (mxc) return mxc;
  context.addIssue('expected mxc://server/id');
  return z.NEVER;
});

/** Client-server API, "Extensions to m.room.message msgtypes". Lengths: 32, 16 and 32 bytes in unpadded base64. */
const encryptedFileSchema = z.object({
  url: mxcSchema,
  v: z.literal('v2'),
  key: z.object({
    kty: z.literal('oct'),
    alg: z.literal('A256CTR'),
    ext: z.literal(true),
    k: z.string().regex(/^[\w-]{43}$/),
    key_ops: z.array(z.string().max(20)).max(10),
  }),
  iv: z.string().regex(/^[\w+/-]{22}(==)?$/),
  hashes: z.object({ sha256: z.string().regex(/^[\w+/-]{43}=?$/) }),
});

const edge = z.int().min(1).max(longestEdge).nullable().catch(null);
const file = encryptedFileSchema.nullable().catch(null);
const url = mxcSchema.nullable().catch(null);

const infoSchema = z.object({
  mimetype: z
    .string()
    .regex(/^[a-z]{1,20}\/[a-z0-9.+-]{1,80}$/)
    .catch(otherType),
  size: z.int().min(0).nullable().catch(null),
  w: edge,
  h: edge,
  'xyz.amorgan.blurhash': z
    .string()
    .max(200)
    .refine((text) => isBlurhashValid(text).result)
    .nullable()
    .catch(null),
  thumbnail_file: file,
  thumbnail_url: url,
});

const contentSchema = z.object({
  msgtype: z.enum(['m.image', 'm.file', 'm.audio', 'm.video']),
  body: z.string().max(longestText),
  filename: z.string().max(longestText).optional().catch(undefined),
  file,
  url,
  info: infoSchema.catch(infoSchema.parse({})),
});

type Content = z.infer<typeof contentSchema>;
type EncryptedFile = z.infer<typeof encryptedFileSchema>;

/**
 * @param nameOf `MediaSources.nameOf`.
 * @returns null for contents that are no attachment. One that names nothing that could be fetched (hostile, or one's
 * own that is not uploaded yet) has no source.
 */
export function attachmentOf(
  content: unknown,
  nameOf: (reference: MediaReference) => string,
): ReceivedAttachment | null {
  const parsed = contentSchema.safeParse(content);
  if (!parsed.success) return null;
  const name = cleanFileName(parsed.data.filename ?? parsed.data.body, nameless);
  const reference = referenceOf(parsed.data.file, parsed.data.url, name);
  const isImage = parsed.data.msgtype === 'm.image' && isPictureType(parsed.data.info.mimetype);
  return {
    kind: isImage ? 'image' : 'file',
    attachment: describe(parsed.data, name, reference && nameOf(reference), nameOf),
    caption: captionOf(parsed.data),
  };
}

function describe(
  { info }: Content,
  name: string,
  source: string | null,
  nameOf: (reference: MediaReference) => string,
): Attachment {
  const thumbnail = referenceOf(info.thumbnail_file, info.thumbnail_url, name);
  const hasSize = info.w !== null && info.h !== null;
  return {
    name,
    mimeType: info.mimetype,
    bytes: info.size,
    source,
    width: hasSize ? info.w : null,
    height: hasSize ? info.h : null,
    blurhash: info['xyz.amorgan.blurhash'],
    thumbnail: thumbnail && nameOf(thumbnail),
  };
}

function referenceOf(encrypted: EncryptedFile | null, plain: Mxc | null, name: string): MediaReference | null {
  if (encrypted) {
    const { url: mxc, ...encryption } = encrypted;
    return { mxc, encryption, name };
  }
  return plain && { mxc: plain, encryption: null, name };
}

/** Since version 1.10 of the specification `body` is a caption where it differs from `filename`. */
function captionOf({ body, filename }: Content): string | null {
  return filename === undefined || filename === body ? null : body;
}
