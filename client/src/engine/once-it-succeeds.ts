/** Does `work` at the first call, and again after it has failed; what it gave once is kept. */
export function onceItSucceeds<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | null = null;
  return () => {
    result ??= work().catch((error: unknown) => {
      result = null;
      throw error;
    });
    return result;
  };
}
