/** `npm start`. */
import { basicServers } from './servers.ts';
import { startStack } from './stack.ts';
const stack = await startStack({ servers: basicServers, onProgress: (e) => console.log(JSON.stringify(e)) });
console.log(stack.file.processIds);
process.on('SIGTERM', () => void stack.stop().then(() => process.exit(0)));
process.on('SIGINT', () => void stack.stop().then(() => process.exit(0)));
