/** A JSON document that holds rows in a list: at its root, or under a field such as `data`. Streamed. */
import { TextDecoder } from "node:util";
import { JSONParser, TokenType } from "@streamparser/json";
import { oneLine } from "../../../display/one-line";
import { InputError, messageOf } from "../../errors";
import { quoted } from "../wording";
import { longestRecord, type RawRecord, type RecordReader, type Records } from "./record";
import { listNames, type RowsIn } from "./rows-in";
import type { SourceFile } from "./source-file";

const pathsOf: Readonly<Record<RowsIn, readonly string[]>> = {
  root: ["$"],
  items: ["$.*"],
  lists: listNames.map((name) => `$.${name}.*`),
};
const depthOf: Readonly<Record<RowsIn, number>> = { root: 0, items: 1, lists: 2 };

export class JsonReader implements RecordReader {
  readonly isTable = false;

  constructor(
    private readonly file: SourceFile,
    private readonly rowsIn: RowsIn,
  ) {}

  get fraction(): number {
    return this.file.fraction;
  }

  async *read(fromRow: number): AsyncGenerator<Records> {
    const document = new JsonDocument(this.file.name, this.rowsIn);
    for await (const piece of this.file.pieces()) {
      document.write(piece);
      const records = document.take(fromRow);
      if (records.length > 0) yield records;
      if (document.fault) throw document.fault;
    }
    const fault = document.end() ?? document.without(this.rowsIn);
    if (fault) throw fault;
  }
}

/** What the library keeps to itself; it is pinned, and a test tells when it changes. */
interface ParserInternals {
  readonly tokenizer: { readonly bufferedString: { decoder: TextDecoder } };
}

/** The library decodes a text in stretches, and drops U+FEFF at the beginning of each as if it began a file. */
function keepMarks(parser: JSONParser): void {
  const { tokenizer } = parser as unknown as ParserInternals;
  tokenizer.bufferedString.decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
}

/** Gathers the rows of a document that comes in pieces. */
class JsonDocument {
  fault: InputError | undefined;
  readonly #parser: JSONParser;
  #records: RawRecord[] = [];
  #row = 0;
  #depth = 0;
  /** Bytes before the piece at hand. */
  #base = 0;
  #piece: Uint8Array = new Uint8Array();
  /** 1-based line of the place in the piece up to which newlines are counted. */
  #line = 1;
  #counted = 0;
  /** Line and byte where the row at hand began, and the line of the one before. */
  #rowLine = 1;
  #lastLine = 0;
  #quietFrom = 0;

  constructor(
    private readonly name: string,
    rowsIn: RowsIn,
  ) {
    const rowDepth = depthOf[rowsIn];
    this.#parser = new JSONParser({ paths: [...pathsOf[rowsIn]], keepStack: false });
    keepMarks(this.#parser);
    this.#parser.onToken = ({ token, offset }) => {
      if (token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET) this.#depth--;
      if (this.#depth === rowDepth && isValueStart(token)) this.#rowLine = this.#lineAt(offset);
      if (this.#depth <= rowDepth) this.#quietFrom = offset;
      if (token === TokenType.LEFT_BRACE || token === TokenType.LEFT_BRACKET) this.#depth++;
    };
    this.#parser.onValue = ({ value }) => this.#add(value);
  }

  write(piece: Uint8Array): void {
    this.#piece = piece;
    try {
      this.#parser.write(piece);
    } catch (error) {
      this.fault = this.#broken(messageOf(error));
      return;
    }
    this.#lineAt(this.#base + piece.length);
    this.#base += piece.length;
    this.#counted = 0;
    if (this.#base - this.#quietFrom > longestRecord) {
      this.fault = new InputError(
        `${this.name}:${this.#rowLine}`,
        `a row is longer than ${longestRecord / 2 ** 20} MiB`,
      );
    }
  }

  /** Rows that are whole, from the given one on. */
  take(fromRow: number): Records {
    const records = this.#records;
    this.#records = [];
    return fromRow === 0 ? records : records.filter(({ row }) => row >= fromRow);
  }

  /** The fault of a document that is not whole. */
  end(): InputError | undefined {
    if (this.#parser.isEnded) return undefined;
    return new InputError(
      `${this.name}:${this.#line}`,
      "the JSON breaks off: copy or download the file again",
    );
  }

  /** The fault of an object in which no list was found. */
  without(rowsIn: RowsIn): InputError | undefined {
    if (this.#row > 0 || rowsIn !== "lists") return undefined;
    return new InputError(
      this.name,
      `has no rows: they are looked for in a list, alone or under ${quoted(listNames)}`,
    );
  }

  #add(value: unknown): void {
    const row = this.#row++;
    // A line says where to look, unless several rows share it.
    const place =
      this.#rowLine === this.#lastLine ? `${this.name} row ${row}` : `${this.name}:${this.#rowLine}`;
    this.#lastLine = this.#rowLine;
    this.#records.push({ row, place, value });
  }

  /** Offsets may only grow. */
  #lineAt(offset: number): number {
    const end = Math.min(offset - this.#base, this.#piece.length);
    for (; this.#counted < end; this.#counted++) if (this.#piece[this.#counted] === 0x0a) this.#line++;
    return this.#line;
  }

  #broken(message: string): InputError {
    const position = /absolute position "(\d+)"/.exec(message)?.[1];
    const line = position === undefined ? this.#line : this.#lineAt(Number(position));
    // Its tokenizer says `Unexpected "x" at …`, its parser `Unexpected COMMA (",") in …`.
    const unexpected = /^Unexpected (?:[A-Z_]+ \((.*)\)|(".*?")) (?:at chunk position|in state)/s.exec(
      message,
    );
    const problem = unexpected
      ? `unexpected ${oneLine(unexpected[1] ?? unexpected[2] ?? "")}`
      : oneLine(message);
    return new InputError(
      `${this.name}:${line}`,
      `is not valid JSON: ${problem}; what follows cannot be read`,
    );
  }
}

function isValueStart(token: TokenType): boolean {
  const { COMMA, COLON, RIGHT_BRACE, RIGHT_BRACKET } = TokenType;
  return token !== COMMA && token !== COLON && token !== RIGHT_BRACE && token !== RIGHT_BRACKET;
}
