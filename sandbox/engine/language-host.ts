/**
 * Stand-in for `pulumi-language-nodejs`, used where the official one cannot be had. The engine starts it with its
 * own address as the last argument and reads the port from the first line of stdout.
 */
import languageGrpc from "@pulumi/pulumi/proto/language_grpc_pb.js";

import { endWithParent } from "./kit/lifetime.ts";
import { engineAddress, listen } from "./kit/plugin-server.ts";
import { Children } from "./language/children.ts";
import { languageService } from "./language/service.ts";

const address = engineAddress();
if (address === undefined) {
    throw new Error("usage: pulumi-language-nodejs ENGINE_ADDRESS (it is started by the Pulumi engine, not by hand)");
}
const children = new Children();
endWithParent(children);
await listen(languageGrpc.LanguageRuntimeService, languageService(address, children));
