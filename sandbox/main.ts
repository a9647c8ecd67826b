/** `npm run sandbox`: the four committed stacks, run for real on this machine. */
import path from "node:path";
import { Command } from "commander";
import { addExisting } from "./cli/add-existing.ts";
import { advance } from "./cli/advance.ts";
import { decisions } from "./cli/decisions.ts";
import { destroy } from "./cli/destroy.ts";
import { down, reset } from "./cli/down.ts";
import { shell } from "./cli/shell.ts";
import { status } from "./cli/status.ts";
import { up } from "./cli/up.ts";
import { layout } from "./stacks/layout.ts";

const repo = path.resolve(import.meta.dirname, "..");
const program = new Command("npm run sandbox --")
    .description(
        "Runs this checkout's stacks on one machine: real Pulumi engine, real Kubernetes, real Argo CD, no AWS.",
    )
    .option("--dir <folder>", "where this sandbox keeps its state", ".sandbox")
    .showHelpAfterError();

const at = () => layout(repo, program.opts<{ dir: string }>().dir);

program
    .command("up", { isDefault: true })
    .description("bring the fleet up, or bring it up to date, and show it (default)")
    .action(() => up(at()));
program
    .command("add-existing")
    .description("let a cluster outside AWS join: a fifth control plane, its stack, and its member file in Git")
    .action(() => addExisting(at()));
program
    .command("status")
    .description("the clusters and their Applications")
    .option("--json", "as JSON")
    .action((options: { json?: boolean }) => status(at(), options.json === true));
program
    .command("shell")
    .description("a shell in which pulumi, kubectl, helm and aws use the sandbox")
    .argument("[command...]", "run this command instead of an interactive shell")
    .action((command: string[]) => shell(at(), command));
program
    .command("decisions")
    .description("what the AWS endpoints allowed and denied, and why")
    .option("--json", "as JSON")
    .option("--denied", "only what was denied")
    .action((options: { json?: boolean; denied?: boolean }) => decisions(at(), options));
program
    .command("advance")
    .description("let days pass in the AWS twin: what waits for deletion is then gone")
    .argument("<days>", "a whole number", wholeNumber)
    .action((days: number) => advance(at(), days));
program
    .command("destroy")
    .description("pulumi destroy of every stack, spokes first, and proof that nothing is left")
    .action(() => destroy(at()));
program
    .command("down")
    .description("stop every process; the state stays, and `up` goes on from it")
    .action(() => down(at()));
program
    .command("reset")
    .description("stop every process and delete the sandbox's folder")
    .action(() => reset(at()));

program.parseAsync().catch((error: unknown) => {
    console.error(`\n${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
});

function wholeNumber(text: string): number {
    const days = Number(text);
    if (!Number.isInteger(days) || days < 1) {
        program.error(`days: a whole number of at least 1 is wanted (got "${text}")`);
    }
    return days;
}
