/** Entry point of the engine process, which exits when the process that started it does. */
import { join } from "node:path";
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from "vscode-jsonrpc/node";
import { LocalEngine } from "../local";
import { DeviceChooser } from "../runtime/device-choice";
import { serve } from "./server";

const engine = new LocalEngine(new DeviceChooser(join(__dirname, "probe.js")));
const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
serve(engine, connection);
connection.listen();
process.on("disconnect", () => process.exit(0));
