// The appservice holds no message keys. The bot SDK imports this module when it is loaded;
// whoever tries to use encryption through it fails at once and with this reason.
const reason = 'The appservice is blind to content: it has no end-to-end encryption (docs/adr/0002).';

class Refusing {
  constructor() {
    throw new Error(reason);
  }
  static initialize() {
    throw new Error(reason);
  }
}

module.exports = new Proxy({}, { get: (_target, name) => (name === '__esModule' ? undefined : Refusing) });
