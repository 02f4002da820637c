const longestName = 120;
/** Control and format characters, among them those that turn the direction of text: `gnp.exe` must not look like `exe.png`. */
const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** What file systems give a meaning to. */
const reserved = /[<>:"/\\|?*]/g;

/** A name that can be shown and saved anywhere, keeping the extension. Own and received names go through it. */
export function cleanFileName(name: string, otherwise: string): string {
  const visible = name.slice(0, 4_096).normalize('NFC').replace(invisible, '').replace(reserved, '_');
  const tidy = visible.replace(/\s+/g, ' ').replace(/^[ .]+|[ .]+$/g, '');
  return tidy === '' ? otherwise : shorten(tidy);
}

/** Names a picture after what it is now, not after what it was. */
export function withExtension(name: string, extension: string): string {
  return `${name.replace(/\.[A-Za-z0-9]{1,5}$/, '')}.${extension}`;
}

function shorten(name: string): string {
  if (name.length <= longestName) return name;
  const extension = /\.[A-Za-z0-9]{1,8}$/.exec(name)?.[0] ?? '';
  // Half a character must not stay behind.
  return (
    name
      .slice(0, longestName - extension.length)
      .replace(/[\ud800-\udbff]$/, '')
      .trimEnd() + extension
  );
}
