import type { Layout } from "../stacks/layout.ts";
import { hubCluster } from "../stacks/project.ts";
import { collectStatus } from "../status/collect.ts";
import { renderTable } from "../status/table.ts";
import { clusterEntries, running } from "./running.ts";

/** `{clusters: [{name, kubeconfig, applications: [{name, sync, health, revision, …}]}]}`, or a table. */
export async function status(layout: Layout, asJson: boolean): Promise<void> {
    const { daemon } = await running(layout);
    const fleet = await collectStatus(await clusterEntries(layout, daemon), await hubCluster(layout.repo));
    console.log(asJson ? JSON.stringify(fleet, null, 2) : renderTable(fleet, terminalStyle()));
}

export function terminalStyle(): { color: boolean; width: number } {
    const tty = process.stdout.isTTY;
    return { color: tty && process.env["NO_COLOR"] === undefined, width: tty ? process.stdout.columns : 1000 };
}
