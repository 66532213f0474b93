// The worker that holds a session's surveyor.
import { serve } from "./surveyor";

serve();
