import { get } from "node:http";
import { connect } from "node:net";

const TIMEOUT_MS = 2_000;

/** Whether a program answers: with status 200–399 on a path, as a kubelet's probe asks, or else to a connection. */
export function answers(port: number, path: string | undefined): Promise<boolean> {
    return path === undefined ? accepts(port) : responds(port, path);
}

function responds(port: number, path: string): Promise<boolean> {
    return new Promise((resolve) => {
        const request = get({ host: "127.0.0.1", port, path, timeout: TIMEOUT_MS, agent: false }, (response) => {
            response.resume();
            const { statusCode = 0 } = response;
            resolve(statusCode >= 200 && statusCode < 400);
        });
        request.on("timeout", () => request.destroy());
        request.on("error", () => resolve(false));
    });
}

function accepts(port: number): Promise<boolean> {
    return new Promise((resolve) => {
        const socket = connect({ port, host: "127.0.0.1", timeout: TIMEOUT_MS });
        const end = (result: boolean) => {
            socket.destroy();
            resolve(result);
        };
        socket.once("connect", () => end(true));
        socket.once("timeout", () => end(false));
        socket.once("error", () => end(false));
    });
}
