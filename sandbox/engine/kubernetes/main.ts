import { serve } from "../kit/serve.ts";
import { kubernetes } from "./definition.ts";

await serve(kubernetes);
