// A worker that holds one member of the pool.
import * as Comlink from "comlink";
import { carryErrors } from "./comlink-errors";
import { RowsHost } from "./rows-host";

carryErrors();
Comlink.expose(new RowsHost());
