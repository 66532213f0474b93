// A worker that reads tables.
import * as Comlink from "comlink";
import { carryErrors } from "./comlink-errors";
import { TableHost } from "./table-host";

carryErrors();
Comlink.expose(new TableHost());
