/** A message's text as a tree. The page makes elements of it one by one; there is no HTML to escape or to forget. */
export type RichText = readonly Block[];

export type Block =
  | { readonly kind: 'paragraph'; readonly content: readonly Inline[] }
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly content: readonly Inline[] }
  | { readonly kind: 'quote'; readonly content: RichText }
  | { readonly kind: 'list'; readonly isOrdered: boolean; readonly start: number; readonly items: readonly RichText[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'rule' };

export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'break' }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis' | 'strike'; readonly content: readonly Inline[] }
  /** `href` is a checked http(s) or mailto address. */
  | { readonly kind: 'link'; readonly href: string; readonly content: readonly Inline[] }
  | { readonly kind: 'mention'; readonly userId: string; readonly name: string };
