import { configurationPage } from "./configuration.ts";
import { contractPage } from "./contract.ts";
import { messagesPage } from "./messages.ts";
import { stackSchema } from "./stack-schema.ts";

/** Every generated file: path from the repository's root, and what belongs into it. */
export function generatedFiles(): Record<string, string> {
    return {
        "docs/reference/configuration.md": configurationPage(),
        "docs/reference/contract.md": contractPage(),
        "docs/reference/messages.md": messagesPage(),
        "config/stack.schema.json": `${JSON.stringify(stackSchema(), null, 2)}\n`,
    };
}
