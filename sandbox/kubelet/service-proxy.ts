import { connect, createServer, type Server, type Socket } from "node:net";
import type { Ports } from "../process/ports.ts";

/** Loopback ports of the ready pods behind a Service's port, now. */
export type Backends = (namespace: string, service: string, port: number) => Promise<number[]>;

/**
 * What kube-proxy is to a node: one stable loopback address for each Service port that a program calls, forwarding each
 * connection to a ready pod. Without a ready pod the connection is closed.
 */
export class ServiceProxy {
    readonly #ports: Ports;
    readonly #portPrefix: string;
    readonly #backends: Backends;
    readonly #servers = new Map<string, Promise<{ server: Server; address: string }>>();
    readonly #sockets = new Set<Socket>();
    #turn = 0;

    constructor(options: { ports: Ports; portPrefix: string; backends: Backends }) {
        this.#ports = options.ports;
        this.#portPrefix = options.portPrefix;
        this.#backends = options.backends;
    }

    /** `127.0.0.1:<port>`, the same for the same Service port, whether or not the Service exists yet. */
    async address(namespace: string, service: string, port: number): Promise<string> {
        const name = `${namespace}.${service}/${port}`;
        const listening = this.#servers.get(name) ?? this.#listen(name, namespace, service, port);
        this.#servers.set(name, listening);
        return (await listening).address;
    }

    async close(): Promise<void> {
        const listening = await Promise.all(this.#servers.values());
        this.#servers.clear();
        for (const socket of this.#sockets) {
            socket.destroy();
        }
        await Promise.all(listening.map(({ server }) => new Promise((resolve) => server.close(resolve))));
    }

    async #listen(
        name: string,
        namespace: string,
        service: string,
        servicePort: number,
    ): Promise<{ server: Server; address: string }> {
        const port = await this.#ports.allocate(`${this.#portPrefix}/${name}`);
        const server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
            this.#keep(socket);
            void this.#forward(socket, namespace, service, servicePort);
        });
        await new Promise<void>((resolve, reject) => {
            server.once("error", reject);
            server.listen(port, "127.0.0.1", resolve);
        });
        return { server, address: `127.0.0.1:${port}` };
    }

    async #forward(client: Socket, namespace: string, service: string, port: number): Promise<void> {
        const backends = await this.#backends(namespace, service, port).catch(() => []);
        const backend = backends[this.#turn++ % Math.max(backends.length, 1)];
        if (backend === undefined) {
            client.destroy();
            return;
        }
        const server = connect({ port: backend, host: "127.0.0.1", noDelay: true });
        this.#keep(server);
        client.pipe(server);
        server.pipe(client);
        // Either side's end with an error ends both.
        client.on("close", () => server.destroy());
        server.on("close", () => client.destroy());
    }

    #keep(socket: Socket): void {
        this.#sockets.add(socket);
        socket.on("error", () => socket.destroy());
        socket.on("close", () => this.#sockets.delete(socket));
    }
}

/**
 * The Service that a program means by `host:port`, seen from a namespace: a bare name, or one that ends in `.svc`. Other
 * hosts are not the cluster's. An URL's scheme is kept apart.
 */
export function serviceAddress(
    value: string,
    namespace: string,
): { scheme: string; namespace: string; service: string; port: number } | undefined {
    const match = /^([a-z]+:\/\/)?([a-z][a-z0-9-]*)(?:\.([a-z0-9-]+)\.svc(?:\.cluster\.local)?)?:(\d+)$/.exec(value);
    if (match === null || match[2] === "localhost") {
        return undefined;
    }
    return {
        scheme: match[1] ?? "",
        service: match[2] ?? "",
        namespace: match[3] ?? namespace,
        port: Number(match[4]),
    };
}
