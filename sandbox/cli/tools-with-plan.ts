import path from "node:path";
import { execa } from "execa";
import type { ResolvedTools } from "../stacks/tools-file.ts";
import { MissingToolsError, renderToolProgress, resolveTools, toolNames } from "../tools/index.ts";

/**
 * Every tool of the sandbox, built where PATH has none that fits. While the first build runs, it shows
 * what the four stacks would create (`npm run plan`), so that the first minute is not an empty one.
 */
export async function toolsWithPlan(repo: string, signal: AbortSignal): Promise<ResolvedTools> {
    const progress = renderToolProgress(process.stderr);
    let plan: Promise<void> | undefined;
    try {
        return await resolveTools(toolNames, {
            signal,
            onProgress(event) {
                progress.onProgress(event);
                if (event.state === "building") plan ??= planText(repo, signal).then((text) => progress.print(text));
            },
        });
    } catch (error) {
        if (!(error instanceof MissingToolsError)) throw error;
        const offer = "With Node alone, `npm run plan` shows what the four stacks would create.";
        throw new Error(`${error.message}\n\n${offer}`, { cause: error });
    } finally {
        await plan;
        progress.stop();
    }
}

/** The plan is an extra: when it fails, that is one line, and the build goes on. */
async function planText(repo: string, signal: AbortSignal): Promise<string> {
    const result = await execa(process.execPath, ["--import", "tsx", path.join(repo, "sandbox", "plan", "main.ts")], {
        cwd: repo,
        reject: false,
        cancelSignal: signal,
        env: process.stderr.isTTY ? { FORCE_COLOR: "1" } : {},
    });
    // It also exits 1 for a policy violation, which belongs to what there is to see.
    return result.stdout !== ""
        ? `Some tools have to be built first. Meanwhile, what the four stacks would create:\n\n${result.stdout}\n`
        : "The plan could not be made; `npm run plan` says why.";
}
