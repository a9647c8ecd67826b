import grpc from "@grpc/grpc-js";
import type { ServiceDefinition, UntypedServiceImplementation } from "@grpc/grpc-js";

/** The engine sends whole manifests and charts; its own limit is the same (sdk/go/common/util/rpcutil). */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/** The engine's host:port: the last argument of every plugin; absent when started by hand. */
export function engineAddress(): string | undefined {
    return process.argv.slice(2).findLast((argument) => /^[^-].*:\d+$/.test(argument));
}

/** Serves on a free port of 127.0.0.1 and prints it as the first line of stdout: the engine's plugin protocol. */
export async function listen(service: ServiceDefinition, implementation: UntypedServiceImplementation): Promise<void> {
    const server = new grpc.Server({
        "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
        "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
    });
    server.addService(service, implementation);
    const port = await new Promise<number>((resolve, reject) => {
        server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
            error === null ? resolve(bound) : reject(error),
        );
    });
    process.stdout.write(`${port}\n`);
}
