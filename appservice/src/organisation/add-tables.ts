/** Adds the people of tables to the bodies after which the tables are named. */
import { z } from 'zod';
import { slugSchema } from '#contract/ids.ts';
import { personSchema, type BodyDeclaration } from '#contract/organisation.ts';
import type { Located } from './declaration.ts';
import { parseFile, type Parsed } from './parse-file.ts';
import type { Path, SourceFile } from './source.ts';

const tableSchema = z.object({ body: slugSchema, people: z.array(personSchema) });
type PeopleTable = Located<z.infer<typeof tableSchema>>;

export function addTables(
  bodies: readonly Parsed<BodyDeclaration>[],
  files: readonly SourceFile[],
): readonly Parsed<BodyDeclaration>[] {
  return files.reduce(addTable, bodies);
}

function addTable(bodies: readonly Parsed<BodyDeclaration>[], file: SourceFile): readonly Parsed<BodyDeclaration>[] {
  const { parsed: table, diagnostics } = parseFile(file, tableSchema);
  if (table === null) return [...bodies, { parsed: null, diagnostics }];
  const isWanted = ({ parsed }: Parsed<BodyDeclaration>): boolean => parsed?.value.id === table.value.body;
  if (!bodies.some(isWanted)) return [...bodies, homeless(table, bodies)];
  return bodies.map((body) =>
    body.parsed !== null && isWanted(body) ? { ...body, parsed: withTable(body.parsed, table) } : body,
  );
}

/** The body may stand in a file that could not be read. */
function homeless({ file, value }: PeopleTable, bodies: readonly Parsed<BodyDeclaration>[]): Parsed<BodyDeclaration> {
  if (bodies.some(({ parsed }) => parsed === null)) return { parsed: null, diagnostics: [] };
  const message = `There is no body ${value.body}.`;
  const remedy = 'Name the table after the id of the body whose people it holds.';
  return { parsed: null, diagnostics: [{ file: file.path, line: null, path: '', message, remedy }] };
}

function withTable(body: Located<BodyDeclaration>, table: PeopleTable): Located<BodyDeclaration> {
  const own = body.value.people.length;
  const placeOf = (path: Path) => {
    const [list, index, ...rest] = path;
    const isOfTable = list === 'people' && typeof index === 'number' && index >= own;
    return isOfTable ? table.file.placeOf([list, index - own, ...rest]) : body.file.placeOf(path);
  };
  return {
    file: { ...body.file, placeOf },
    value: { ...body.value, people: [...body.value.people, ...table.value.people] },
  };
}
