import { readFileSync } from "node:fs";
import path from "node:path";
import { serve } from "../engine/kit/serve.ts";
import { pluginVersion } from "../engine/plugin-version.ts";
import { awsDefinition, type DaemonAddress } from "./definition.ts";

await serve(awsDefinition(pluginVersion("aws"), daemonAddress));

function daemonAddress(): DaemonAddress {
    const folder = process.env["FLEET_SANDBOX_DIR"];
    if (folder === undefined || folder === "") {
        throw new Error(
            "FLEET_SANDBOX_DIR is not set: run pulumi through `npm run sandbox` or `npm run sandbox -- shell`",
        );
    }
    const file = path.join(folder, "daemon.json");
    try {
        return JSON.parse(readFileSync(file, "utf8")) as DaemonAddress;
    } catch (error) {
        throw new Error(`no sandbox runs in ${folder} (${file} cannot be read); start one with: npm run sandbox`, {
            cause: error,
        });
    }
}
