// A worker that holds one member of the pool.
import { serve } from "./rows-host";

serve();
