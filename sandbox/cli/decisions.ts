import { control } from "../daemon/client.ts";
import type { Layout } from "../stacks/layout.ts";
import { running } from "./running.ts";

/** One line of the decision log, as the AWS endpoints write it. */
interface DecisionLine {
    time: string;
    allowed: boolean;
    principal: string;
    action: string;
    resource: string;
    explanation: string;
}

export async function decisions(layout: Layout, options: { json?: boolean; denied?: boolean }): Promise<void> {
    const { daemon } = await running(layout);
    const all = await control<DecisionLine[]>(daemon, "decisions");
    const shown = options.denied === true ? all.filter((decision) => !decision.allowed) : all;
    if (options.json === true) {
        console.log(JSON.stringify(shown, null, 2));
        return;
    }
    for (const decision of shown) {
        const verdict = decision.allowed ? "allow" : "DENY ";
        console.log(`${decision.time}  ${verdict}  ${decision.principal}  ${decision.action}  ${decision.resource}`);
        if (!decision.allowed) console.log(`    ${decision.explanation.replaceAll("\n", "\n    ")}`);
    }
    console.log(`${shown.length} decisions, ${shown.filter((decision) => !decision.allowed).length} denied`);
}
