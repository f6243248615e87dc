/** The rows that this room makes of records are those of the protocol. */
export type {
  BadRow,
  Completion,
  CompletionRole,
  DatasetRow,
  Message,
  Step,
  Text,
} from "../../../protocol/datasets";
