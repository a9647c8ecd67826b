import grpc from "@grpc/grpc-js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";

import { EngineLog } from "./engine-log.ts";
import { Operations, endWithParent } from "./lifetime.ts";
import { providerService } from "./service.ts";
import type { ProviderDefinition } from "./types.ts";

export { PartialCreateError } from "./errors.ts";

/** The engine sends whole manifests and charts; its own limit is the same (sdk/go/common/util/rpcutil). */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/**
 * Serves `definition` to the Pulumi engine on a free port of 127.0.0.1, which it prints as the first line of
 * stdout: the plugin protocol. Call it as the last statement of a provider's entry file. The process ends with
 * its parent.
 */
export async function serve(definition: ProviderDefinition): Promise<void> {
    const operations = new Operations();
    const log = new EngineLog();
    const engineAddress = process.argv.slice(2).findLast((argument) => /^[^-].*:\d+$/.test(argument));
    if (engineAddress !== undefined) {
        log.connect(engineAddress);
    }
    const server = new grpc.Server({
        "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
        "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
    });
    server.addService(providerGrpc.ResourceProviderService, providerService(definition, operations, log));
    const port = await new Promise<number>((resolve, reject) => {
        server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
            error === null ? resolve(bound) : reject(error),
        );
    });
    endWithParent(operations);
    process.stdout.write(`${port}\n`);
}
