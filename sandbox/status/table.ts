import { styleText } from "node:util";
import type { ApplicationStatus, FleetStatus } from "./collect.ts";

/** Whether to colour and how wide a line may be; a pipe gets neither. */
export interface TableStyle {
    color: boolean;
    width: number;
}

const COLUMNS = ["CLUSTER", "APPLICATION", "SYNC", "HEALTH", "READY", "REVISION", "IMAGE"] as const;

/** cluster × Application × sync × health × ready workloads × image, one line each. */
export function renderTable(status: FleetStatus, style: TableStyle): string {
    const rows: string[][] = [];
    for (const cluster of status.clusters) {
        if (!cluster.reachable) rows.push([cluster.name, "(API server does not answer)", "-", "-", "-", "-", ""]);
        for (const app of cluster.applications) {
            rows.push([
                cluster.name,
                app.name,
                app.sync,
                app.health,
                readyText(app),
                /^[0-9a-f]{40}$/.test(app.revision) ? app.revision.slice(0, 7) : app.revision || "-",
                ownImages(app),
            ]);
        }
    }
    const widths = COLUMNS.map((title, index) => Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)));
    const line = (cells: readonly string[], paint: (cell: string, column: number) => string) =>
        cells
            .map((cell, index) => paint(fit(cell, index, widths, style.width), index))
            .join("  ")
            .trimEnd();
    const paint = (cell: string, column: number) => (style.color ? colored(cell, column) : cell);
    const header = line(COLUMNS, (cell) => (style.color ? styleText("bold", cell, { validateStream: false }) : cell));
    let previous = "";
    const body = rows.map((row) => {
        const repeated = row[0] === previous;
        previous = row[0] ?? "";
        return line(repeated ? ["", ...row.slice(1)] : row, paint);
    });
    return [header, ...body].join("\n");
}

/** Ready and wanted replicas over all workloads of the Application; "-" when it has none. */
export function readyText(app: ApplicationStatus): string {
    if (app.workloads.length === 0) return "-";
    const sum = (pick: "ready" | "desired") => app.workloads.reduce((total, workload) => total + workload[pick], 0);
    return `${sum("ready")}/${sum("desired")}`;
}

function ownImages(app: ApplicationStatus): string {
    return app.images.map((image) => image.replace(/^.*\//, "").replace(/@sha256:(.{7}).*/, "@$1")).join(", ");
}

/** Only the last column gives way when the terminal is narrow. */
function fit(cell: string, index: number, widths: number[], available: number): string {
    if (index < COLUMNS.length - 1) return cell.padEnd(widths[index] ?? 0);
    const used = widths.slice(0, -1).reduce((total, width) => total + width + 2, 0);
    const room = Math.max(12, available - used);
    return cell.length <= room ? cell : `${cell.slice(0, room - 1)}…`;
}

function colored(cell: string, column: number): string {
    const word = cell.trim();
    const good = ["Synced", "Healthy"].includes(word);
    const waiting = ["Progressing", "OutOfSync", "Suspended", "Unknown", "Missing"].includes(word);
    const stream = { validateStream: false };
    if (column === 2 || column === 3) {
        return styleText(good ? "green" : waiting ? "yellow" : "red", cell, stream);
    }
    if (column === 4 && /^(\d+)\/(\d+)$/.test(word)) {
        const [ready, desired] = word.split("/");
        return styleText(ready === desired ? "green" : "yellow", cell, stream);
    }
    return column === 0 ? styleText("bold", cell, stream) : cell;
}
