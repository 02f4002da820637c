import { parseArgs } from 'node:util';
import { z } from 'zod';
import { userIdSchema, type UserId } from '#contract/ids.ts';

export const usage = `Aufruf: npm run landbote -- <Befehl> [Angaben] --als <Benutzer-ID> --server <URL> --api <URL>

  plan                      zeigt die Pläne, die auf Freigabe warten
  plan <Prüfsumme>          zeigt einen Plan: was er ändert, wen er betrifft, wer noch freigeben muss
  plan --aus <Ordner>       reicht die Organisation aus Dateien ein und zeigt den Plan
  plan --zurueck <Nummer>   reicht eine frühere Fassung noch einmal ein und zeigt den Plan
  approve <Prüfsumme>       gibt genau diesen Plan frei
  apply                     verfolgt die Umsetzung, bis sie zu Ende ist
  drift                     zeigt, was abweicht, ohne zu schaden
  drift --beheben           stellt auch das wieder her
  audit verify              prüft das Protokoll und nennt die erste schlechte Zeile
  audit export [--csv]      gibt das Protokoll aus
  audit checkpoint          gibt den unterschriebenen Stand aus, für einen Zeugen
  ledger <Raum-ID>          zeigt, was aus einem Raum je an andere Server übergeben wurde
  ledger <Raum-ID> --empfaenger <Server>   dasselbe für einen Server
  ledger verify             prüft das Übergabebuch und hält seinen Stand im Protokoll fest
  organisation <Ordner>     schreibt die geltende Organisation als Dateien
  dump <Ordner>             entwirft eine Organisation aus dem, was der Matrix-Server hat, schreibt sie
                            als Dateien und sagt, was zu prüfen ist
  partner                   zeigt den eigenen Fingerabdruck und die der erklärten Partner
  agreement                 zeigt die Vereinbarungen mit anderen Verwaltungen
  agreement propose --aus <Datei>
                            schlägt eine Vereinbarung vor
  agreement consent <Prüfsumme> [--aus <Datei>]
                            stimmt genau dieser zu; die Datei nennt, wer von angefragten Einheiten teilnimmt
  agreement end <Kennung> --grund <Text>
                            beendet sie sofort oder lehnt sie ab

  --als                     Matrix-Benutzer-ID, etwa @vorname.nachname:land.hessen.test
  --server                  Matrix-Server, etwa https://land.hessen.test   (oder LANDBOTE_SERVER)
  --api                     Landbote-Server                                (oder LANDBOTE_API)
  --passwort-datei          Datei mit dem Passwort; sonst Standardeingabe oder Tastatur`;

/** The call is not one that can be understood; its message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const commandSchema = z.enum([
  'plan',
  'approve',
  'apply',
  'drift',
  'audit',
  'ledger',
  'organisation',
  'dump',
  'partner',
  'agreement',
]);
export type CommandName = z.infer<typeof commandSchema>;

export interface Call {
  readonly command: CommandName;
  /** What follows the command: a digest, a folder, a sub-command. */
  readonly subject: string | undefined;
  /** What follows a sub-command: the digest or id that it is about. */
  readonly object: string | undefined;
  readonly user: UserId;
  readonly homeserverUrl: string;
  readonly apiUrl: string;
  readonly passwordFile: string | undefined;
  /** `--aus`: the folder of a declaration, or the file of a proposal. */
  readonly from: string | undefined;
  /** `plan --zurueck`: the number of the revision to go back to. */
  readonly backTo: number | undefined;
  readonly reason: string | undefined;
  /** `ledger --empfaenger`: the server that was handed something. */
  readonly recipient: string | undefined;
  readonly isRepairing: boolean;
  readonly isCsv: boolean;
}

const options = {
  als: { type: 'string' },
  server: { type: 'string' },
  api: { type: 'string' },
  'passwort-datei': { type: 'string' },
  aus: { type: 'string' },
  zurueck: { type: 'string' },
  grund: { type: 'string' },
  empfaenger: { type: 'string' },
  beheben: { type: 'boolean', default: false },
  csv: { type: 'boolean', default: false },
} as const;

const revision = z.coerce.number().int().min(1).optional();
const url = z.url({ protocol: /^https?$/ });

/** Throws a UsageError. */
export function readArguments(words: readonly string[], environment: NodeJS.ProcessEnv = process.env): Call {
  const { values, positionals } = parse(words);
  const [command, subject, ...further] = positionals;
  const [object, ...superfluous] = command === 'agreement' ? further : [undefined, ...further];
  if (superfluous.length > 0) throw new UsageError(`Zu viele Angaben: ${superfluous.join(' ')}`);
  return {
    command: require(commandSchema, command, 'Einen solchen Befehl gibt es nicht.'),
    subject,
    object,
    user: require(userIdSchema, values.als, '--als nennt keine Matrix-Benutzer-ID.'),
    homeserverUrl: require(url, values.server ?? environment['LANDBOTE_SERVER'], '--server nennt keine Adresse.'),
    apiUrl: require(url, values.api ?? environment['LANDBOTE_API'], '--api nennt keine Adresse.'),
    passwordFile: values['passwort-datei'],
    from: values.aus,
    backTo: require(revision, values.zurueck, '--zurueck nennt keine Fassung.'),
    reason: values.grund,
    recipient: values.empfaenger,
    isRepairing: values.beheben,
    isCsv: values.csv,
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function require<Schema extends z.ZodType>(schema: Schema, value: unknown, message: string): z.output<Schema> {
  const result = schema.safeParse(value);
  if (!result.success) throw new UsageError(message);
  return result.data;
}
