/** `npm run plan`: what the committed stacks would create and what the policy pack says of it. Needs only Node. */
import path from "node:path";
import { Command } from "commander";

import { wantsColor } from "./color.ts";
import { messageOf } from "./error-message.ts";
import { PolicyPack } from "./policy-pack.ts";

const repo = path.resolve(import.meta.dirname, "../..");
const { json, stack } = new Command("npm run plan --")
    .description("Shows what the stacks would create, their outputs, and the policy pack's verdicts. Creates nothing.")
    .option("--json", "as JSON; its shape is planReportSchema in sandbox/plan/report.ts")
    .option("--stack <name>", "this stack alone")
    .allowExcessArguments(false)
    .showHelpAfterError()
    .parse()
    .opts<{ json?: true; stack?: string }>();

// The pack's process boots while the programs load and run: each takes a second or two.
const pack = PolicyPack.start(path.join(repo, "policy-pack"));
pack.catch(() => {
    // Told when it is awaited, after the programs ran; their problems come first.
});
try {
    const { makePlan, shown, stacksToPlan } = await import("./command.ts");
    const report = await makePlan(repo, await stacksToPlan(repo, stack), pack, stack, progress);
    progress("");
    const text = shown(report, {
        color: wantsColor(process.stdout, process.env),
        width: Math.min(120, Math.max(80, process.stdout.columns ?? 80)),
    });
    process.stdout.write(json === true ? `${JSON.stringify(report, null, 4)}\n` : text.output);
    process.stderr.write(text.errors);
    process.exitCode = report.ok ? 0 : 1;
} catch (error) {
    progress("");
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 1;
} finally {
    await pack.then(
        (started) => started.stop(),
        () => {
            // It never ran.
        },
    );
}

/** One line on a terminal, overwritten by the next; empty text removes it. */
function progress(text: string): void {
    if (process.stderr.isTTY) {
        process.stderr.write(`\r\u001B[K${text}`);
    }
}
