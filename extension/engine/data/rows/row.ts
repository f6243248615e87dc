/** The protocol's row types, for the modules that read datasets. */
export type {
  BadRow,
  Completion,
  CompletionRole,
  DatasetRow,
  Message,
  Step,
  Text,
} from "../../../protocol/datasets";
