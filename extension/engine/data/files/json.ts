/** Streams a JSON document with rows in a list, at its root or under a field such as `data`. */
import { TextDecoder } from "node:util";
import { JSONParser, TokenType } from "@streamparser/json";
import { oneLine } from "../../../display/one-line";
import { InputError, messageOf } from "../../errors";
import { quotedList } from "../wording";
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

/** A private part of the library, whose version is pinned; a test fails if it changes. */
interface ParserInternals {
  readonly tokenizer: { readonly bufferedString: { decoder: TextDecoder } };
}

/** Keeps U+FEFF, which the library drops at the start of every chunk that it decodes. */
function keepMarks(parser: JSONParser): void {
  const { tokenizer } = parser as unknown as ParserInternals;
  tokenizer.bufferedString.decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
}

/** Collects the rows of a document that is read in chunks. */
class JsonDocument {
  fault: InputError | undefined;
  readonly #parser: JSONParser;
  #records: RawRecord[] = [];
  #row = 0;
  #depth = 0;
  /** Number of bytes before the current piece. */
  #base = 0;
  #piece: Uint8Array = new Uint8Array();
  /** 1-based line at offset `#counted` of the piece. */
  #line = 1;
  #counted = 0;
  /** First line of the current row, and of the row before it. */
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

  /** Takes the complete rows, starting at the given one. */
  take(fromRow: number): Records {
    const records = this.#records;
    this.#records = [];
    return fromRow === 0 ? records : records.filter(({ row }) => row >= fromRow);
  }

  /** Returns an error if the document is incomplete. */
  end(): InputError | undefined {
    if (this.#parser.isEnded) return undefined;
    return new InputError(
      `${this.name}:${this.#line}`,
      "the JSON is incomplete: copy or download the file again",
    );
  }

  /** Returns an error if an object contains no list of rows. */
  without(rowsIn: RowsIn): InputError | undefined {
    if (this.#row > 0 || rowsIn !== "lists") return undefined;
    return new InputError(
      this.name,
      `has no rows: rows must be in a list, at the root or under ${quotedList(listNames)}`,
    );
  }

  #add(value: unknown): void {
    const row = this.#row++;
    // A line number locates a row unless several rows share the line.
    const place =
      this.#rowLine === this.#lastLine ? `${this.name} row ${row}` : `${this.name}:${this.#rowLine}`;
    this.#lastLine = this.#rowLine;
    this.#records.push({ row, place, value });
  }

  /** Returns the line of an offset; offsets must not decrease between calls. */
  #lineAt(offset: number): number {
    const end = Math.min(offset - this.#base, this.#piece.length);
    for (; this.#counted < end; this.#counted++) if (this.#piece[this.#counted] === 0x0a) this.#line++;
    return this.#line;
  }

  #broken(message: string): InputError {
    const position = /absolute position "(\d+)"/.exec(message)?.[1];
    const line = position === undefined ? this.#line : this.#lineAt(Number(position));
    // The tokenizer reports `Unexpected "x" at …`, and the parser `Unexpected COMMA (",") in …`.
    const unexpected = /^Unexpected (?:[A-Z_]+ \((.*)\)|(".*?")) (?:at chunk position|in state)/s.exec(
      message,
    );
    const problem = unexpected
      ? `unexpected ${oneLine(unexpected[1] ?? unexpected[2] ?? "")}`
      : oneLine(message);
    return new InputError(
      `${this.name}:${line}`,
      `is not valid JSON: ${problem}; the rest of the file cannot be read`,
    );
  }
}

function isValueStart(token: TokenType): boolean {
  const { COMMA, COLON, RIGHT_BRACE, RIGHT_BRACKET } = TokenType;
  return token !== COMMA && token !== COLON && token !== RIGHT_BRACE && token !== RIGHT_BRACKET;
}
