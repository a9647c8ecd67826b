import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Handler } from "./http.ts";

/** Files of one folder under `prefix`: the Helm repository of charts. */
export function staticHandler(prefix: string, folder: string): Handler {
    return async (request) => {
        const relative = path.normalize(decodeURIComponent(request.url.pathname.slice(prefix.length)));
        const file = path.join(folder, relative);
        if (!file.startsWith(`${folder}${path.sep}`)) return { status: 400, body: "outside of the folder\n" };
        try {
            return { status: 200, body: await readFile(file) };
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code === "ENOENT") return { status: 404, body: "no such chart\n" };
            throw error;
        }
    };
}
