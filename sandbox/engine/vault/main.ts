import { serve } from "../kit/serve.ts";
import { vault } from "./definition.ts";

await serve(vault);
