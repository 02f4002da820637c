/** Names that people read: of bodies, units, posts, rooms and people. */
import { z } from 'zod';

/**
 * German administrations write names in Latin letters (DIN 91379). A letter of another script looks the same and makes
 * another name of it; a character that shows nothing, or turns the direction of writing, hides one in it.
 */
const otherLetter = /(?!\p{Script=Latin})\p{L}/u;
const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;

/** Composed (NFC), so that the same letters are the same text. */
export const nameSchema = z
  .string()
  .normalize()
  .trim()
  .min(1)
  .superRefine((name, context) => {
    const [found] = otherLetter.exec(name) ?? invisible.exec(name) ?? [];
    if (found === undefined) return;
    const what = otherLetter.test(found)
      ? `“${found}” (${codePointOf(found)}), which is no Latin letter`
      : codePointOf(found);
    context.addIssue({
      code: 'custom',
      message: `The name contains ${what}.`,
      params: { remedy: 'Write the name in Latin letters, without invisible characters.' },
    });
  });

/** `U+0410` */
function codePointOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
