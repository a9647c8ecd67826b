import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { z } from "zod";
import { writeFileAtomic } from "./atomic-file.ts";

// Below the ephemeral range of Linux (32768) and macOS (49152), so that no outgoing connection takes a port between
// its allocation and its use; below NodePort's range (30000) too.
const FIRST = 20_000;
const LAST = 29_999;

export interface PortsOptions {
    /** Where names and their ports are kept, JSON `{name: port}`. */
    file: string;
}

/** Loopback ports by name: a name keeps its port until it is released, and no two names share one. */
export class Ports {
    readonly #file: string;
    readonly #byName: Map<string, number>;
    #last: Promise<unknown> = Promise.resolve();

    constructor(options: PortsOptions) {
        this.#file = options.file;
        const stored: unknown = existsSync(options.file) ? JSON.parse(readFileSync(options.file, "utf8")) : {};
        this.#byName = new Map(Object.entries(z.record(z.string(), z.int()).parse(stored)));
    }

    /** The port of a name; a new name gets one that is free now. */
    allocate(name: string): Promise<number> {
        const result = this.#last.then(async () => {
            const known = this.#byName.get(name);
            if (known !== undefined) {
                return known;
            }
            const port = await this.#free();
            this.#byName.set(name, port);
            this.#save();
            return port;
        });
        this.#last = result.catch(() => undefined);
        return result;
    }

    /** Forgets the name, and every name below it (`name/…`). */
    release(name: string): void {
        for (const known of this.#byName.keys()) {
            if (known === name || known.startsWith(`${name}/`)) {
                this.#byName.delete(known);
            }
        }
        this.#save();
    }

    names(): string[] {
        return [...this.#byName.keys()];
    }

    async #free(): Promise<number> {
        const taken = new Set(this.#byName.values());
        const size = LAST - FIRST + 1;
        // A random start keeps two sandboxes on one machine apart.
        const start = Math.floor(Math.random() * size);
        for (let i = 0; i < size; i++) {
            const port = FIRST + ((start + i) % size);
            if (!taken.has(port) && (await canListen(port))) {
                return port;
            }
        }
        throw new Error(
            `No free port between ${FIRST} and ${LAST} on 127.0.0.1: stop what listens there and try again.`,
        );
    }

    #save(): void {
        writeFileAtomic(this.#file, JSON.stringify(Object.fromEntries(this.#byName), null, 2));
    }
}

/** Whether nothing listens on this port, on loopback or on all addresses (some servers only know the latter). */
async function canListen(port: number): Promise<boolean> {
    return (await binds(port, "127.0.0.1")) && (await binds(port, "0.0.0.0"));
}

function binds(port: number, host: string): Promise<boolean> {
    return new Promise((resolve) => {
        const server = createServer();
        server.once("error", () => resolve(false));
        server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
    });
}
