// A worker that builds networks of Theorem 3.2.
import * as Comlink from "comlink";
import { carryErrors } from "./comlink-errors";
import { ExpressivityHost } from "./expressivity-host";

carryErrors();
Comlink.expose(new ExpressivityHost());
