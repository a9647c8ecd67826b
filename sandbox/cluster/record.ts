import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { writeFileAtomic } from "../process/atomic-file.ts";

/** `cluster.json`: what a new daemon needs to take a cluster over. */
const recordSchema = z.object({
    spec: z.object({
        eks: z.boolean().optional(),
        accountId: z.string(),
        region: z.string(),
        name: z.string(),
        kubernetesVersion: z.string(),
        serviceCidr: z.string(),
        issuer: z.string(),
    }),
    state: z.enum(["creating", "active", "deleting"]),
});

export type ClusterRecord = z.infer<typeof recordSchema>;

/** The records in a folder with one subfolder for each cluster. */
export class ClusterRecords {
    readonly #dir: string;

    constructor(dir: string) {
        this.#dir = dir;
    }

    /** Every cluster's folder; without a record where its creation ended before it was written. */
    all(): { key: string; record: ClusterRecord | undefined }[] {
        const folders = existsSync(this.#dir) ? readdirSync(this.#dir, { withFileTypes: true }) : [];
        return folders.filter((f) => f.isDirectory()).map((f) => ({ key: f.name, record: this.read(f.name) }));
    }

    read(key: string): ClusterRecord | undefined {
        const file = this.#file(key);
        return existsSync(file) ? recordSchema.parse(JSON.parse(readFileSync(file, "utf8"))) : undefined;
    }

    write(key: string, record: ClusterRecord): void {
        mkdirSync(this.folder(key), { recursive: true });
        writeFileAtomic(this.#file(key), JSON.stringify(record, null, 2));
    }

    folder(key: string): string {
        return path.join(this.#dir, key);
    }

    #file(key: string): string {
        return path.join(this.folder(key), "cluster.json");
    }
}
