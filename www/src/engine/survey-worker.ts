// The worker that holds a session's surveyor.
import * as Comlink from "comlink";
import { carryErrors } from "./comlink-errors";
import { Surveyor } from "./surveyor";

carryErrors();
Comlink.expose(new Surveyor());
