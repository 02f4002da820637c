/** A failure that the person at the terminal can do something about: what happened, and the remedy. */
export class StackError extends Error {
  override readonly name = 'StackError';
  readonly remedy: string;

  constructor(sentence: string, remedy: string, options?: ErrorOptions) {
    super(sentence, options);
    this.remedy = remedy;
  }
}
