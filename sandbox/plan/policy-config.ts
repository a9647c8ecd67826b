import { readFile } from "node:fs/promises";
import path from "node:path";

import type { ConfigFile } from "./analyzer-config.ts";

/**
 * The file for `--policy-pack-config` of an environment. Without one the pack's own configuration holds, which is the
 * strictest.
 *
 * @param environment `fleet:environment` of the stack
 */
export function policyConfigFile(repo: string, environment: string): string {
    return path.join(repo, "policy-pack", "config", `${environment}.json`);
}

/** What that file says for a stack; nothing when there is no file for its environment. */
export async function policyConfig(repo: string, config: Readonly<Record<string, unknown>>): Promise<ConfigFile> {
    const file = policyConfigFile(repo, String(config["fleet:environment"]));
    const content = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") {
            return "{}";
        }
        throw error;
    });
    try {
        return JSON.parse(content) as ConfigFile;
    } catch (error) {
        throw new Error(`${file} is no JSON`, { cause: error });
    }
}
