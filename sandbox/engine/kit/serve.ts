import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";

import { EngineLog } from "./engine-log.ts";
import { Operations, endWithParent } from "./lifetime.ts";
import { engineAddress, listen } from "./plugin-server.ts";
import { providerService } from "./service.ts";
import type { ProviderDefinition } from "./types.ts";

export { PartialCreateError } from "./errors.ts";

/**
 * Serves `definition` to the Pulumi engine: `await serve(definition)` is the last statement of a provider's entry
 * file. The process ends with its parent.
 */
export async function serve(definition: ProviderDefinition): Promise<void> {
    const operations = new Operations();
    const log = new EngineLog();
    const address = engineAddress();
    if (address !== undefined) {
        log.connect(address);
    }
    endWithParent(operations);
    await listen(providerGrpc.ResourceProviderService, providerService(definition, operations, log));
}
