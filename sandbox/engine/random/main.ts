import { serve } from "../kit/serve.ts";
import { pluginVersion } from "../plugin-version.ts";
import { randomDefinition } from "./definition.ts";

await serve(randomDefinition(pluginVersion("random")));
