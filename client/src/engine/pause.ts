/** A wait that can be ended early. */
export class Pause {
  #end: () => void = () => undefined;

  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Ends the wait of the moment, if there is one. */
  end(): void {
    this.#end();
  }
}
