import path from "node:path";
import type { EnginePart } from "../engine/install.ts";
import type { DaemonInfo } from "../stacks/environment.ts";
import type { Layout } from "../stacks/layout.ts";
import type { ResolvedTools } from "../stacks/tools-file.ts";

export interface SummaryFacts {
    layout: Layout;
    daemon: DaemonInfo;
    engine: EnginePart[];
    tools: ResolvedTools;
    /** What Argo CD reads, in a few words. */
    seeded: string;
    seconds: number;
}

/** What ran, and the commands to look around. */
export function summary(facts: SummaryFacts): string {
    const { layout, daemon } = facts;
    const relative = (file: string) => path.relative(layout.repo, file) || ".";
    const url = `http://127.0.0.1:${daemon.port}/git/${path.basename(layout.gitRepository)}`;
    const parts = facts.engine.map((part) => `${part.name} ${part.origin}`).join(", ");
    const built = Object.entries(facts.tools).filter(([, tool]) => tool.origin === "built").length;
    const total = Object.keys(facts.tools).length;
    return [
        `The fleet runs what Git says (${facts.seeded}), ${facts.seconds.toFixed(0)} s after the start.`,
        `Engine parts: ${parts}. Tools: ${total - built} from PATH, ${built} built from source.`,
        "",
        "Look around:",
        `  npm run sandbox -- status                         this table again (--json)`,
        `  kubectl --kubeconfig ${relative(layout.kubeconfigs)}/dev-01 get pods -A`,
        `  npm run sandbox -- shell                          a shell where pulumi, kubectl, helm and aws use the sandbox`,
        `  npm run sandbox -- decisions --denied             what IAM refused, and why`,
        `  git push ${url} HEAD:main    commit, push, and watch it arrive`,
        `  npm run sandbox -- down | destroy | reset         stop | pulumi destroy | forget everything`,
    ].join("\n");
}
