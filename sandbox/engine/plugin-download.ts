import { execa } from "execa";

/** Where the CLI gets official plugins. */
const PLUGIN_SERVER = "https://get.pulumi.com";
const PROBE_TIMEOUT_MS = 3000;
const DOWNLOAD_TIMEOUT_MS = 180_000;

let answer: Promise<boolean> | undefined;

/** Whether the plugin server can be reached, asked once. A closed network costs {@link PROBE_TIMEOUT_MS} at most. */
export function pluginServerAnswers(): Promise<boolean> {
    answer ??= fetch(PLUGIN_SERVER, { method: "HEAD", signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) }).then(
        () => true,
        () => false,
    );
    return answer;
}

/** Lets the CLI install one provider into `pulumiHome`. Returns what went wrong in one line, or undefined. */
export async function downloadPlugin(
    cli: string,
    pulumiHome: string,
    name: string,
    version: string,
): Promise<string | undefined> {
    const result = await execa(cli, ["plugin", "install", "resource", name, version, "--reinstall"], {
        env: { PULUMI_HOME: pulumiHome, PULUMI_SKIP_UPDATE_CHECK: "true" },
        reject: false,
        stdin: "ignore",
        timeout: DOWNLOAD_TIMEOUT_MS,
    });
    return result.failed ? (result.stderr.trim().split("\n").at(-1) ?? result.shortMessage) : undefined;
}
