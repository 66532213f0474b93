// The worker that holds a session.
import { serve } from "./session-host";

serve();
