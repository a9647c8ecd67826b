import type { ServerUnaryCall, UntypedServiceImplementation, sendUnaryData } from "@grpc/grpc-js";
import pluginPb from "@pulumi/pulumi/proto/plugin_pb.js";
import type { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import type * as rpc from "@pulumi/pulumi/proto/provider_pb.js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";

import { diffConfig, providerConfig } from "./config.ts";
import { EngineLog } from "./engine-log.ts";
import { oneLine, toStatus } from "./errors.ts";
import type { Operations } from "./lifetime.ts";
import type { CheckFailure, DiffResult, Operation, ProviderDefinition, ProviderInstance } from "./types.ts";
import { decode, encode } from "./values.ts";

/** The part of Create, Read, Update and Delete requests that says which operation runs. */
interface OperationMessage {
    getUrn(): string;
    getType(): string;
    getTimeout(): number;
}

/**
 * The methods of pulumirpc.ResourceProvider for one definition. Methods left out (Call, Construct, List,
 * Parameterize, GetMapping) are answered UNIMPLEMENTED by gRPC itself.
 */
export function providerService(
    definition: ProviderDefinition,
    operations: Operations,
    log: EngineLog,
): UntypedServiceImplementation {
    let configured: ProviderInstance | undefined;
    const instance = (): ProviderInstance => {
        if (configured === undefined) {
            throw new Error(`provider ${definition.name} was used before the engine configured it`);
        }
        return configured;
    };
    const operate = <T>(request: OperationMessage, run: (operation: Operation) => Promise<T>): Promise<T> =>
        operations.run((signal) => {
            const urn = request.getUrn();
            const operation = { urn, type: request.getType(), timeout: request.getTimeout(), signal };
            return run({ ...operation, log: (message) => log.info(urn, oneLine(message)) });
        });

    return {
        handshake: unary(async (request: rpc.ProviderHandshakeRequest) => {
            log.connect(request.getEngineAddress());
            // All capabilities stay false: values arrive plain, and the engine re-marks secrets.
            return new pb.ProviderHandshakeResponse();
        }),
        attach: unary(async (request: PluginAttach) => {
            log.connect(request.getAddress());
            return new emptyPb.Empty();
        }),
        getPluginInfo: unary(async () => new pluginPb.PluginInfo().setVersion(definition.version)),
        getSchema: unary(async () => {
            const schema = { name: definition.name, version: definition.version };
            return new pb.GetSchemaResponse().setSchema(JSON.stringify(schema));
        }),
        checkConfig: unary(async (request: rpc.CheckRequest) => {
            const failures = definition.checkConfig(providerConfig(decode(request.getNews())));
            return new pb.CheckResponse().setInputs(request.getNews()).setFailuresList(failures.map(toFailure));
        }),
        diffConfig: unary(async (request: rpc.DiffRequest) =>
            toDiff(
                diffConfig(decode(request.getOldInputs()), decode(request.getNews()), definition.replaceOnConfigChange),
            ),
        ),
        configure: unary(async (request: rpc.ConfigureRequest) => {
            configured = await definition.configure(providerConfig(decode(request.getArgs())));
            return new pb.ConfigureResponse().setSupportspreview(true);
        }),
        check: unary(async (request: rpc.CheckRequest) => {
            const { inputs, failures } = await instance().check({
                urn: request.getUrn(),
                type: request.getType(),
                oldInputs: decode(request.getOlds()),
                newInputs: decode(request.getNews()),
                randomSeed: request.getRandomseed_asU8(),
            });
            return new pb.CheckResponse().setInputs(encode(inputs)).setFailuresList(failures.map(toFailure));
        }),
        diff: unary(async (request: rpc.DiffRequest) =>
            toDiff(
                await instance().diff({
                    urn: request.getUrn(),
                    type: request.getType(),
                    id: request.getId(),
                    oldInputs: decode(request.getOldInputs()),
                    oldOutputs: decode(request.getOlds()),
                    newInputs: decode(request.getNews()),
                    ignoreChanges: request.getIgnorechangesList(),
                }),
            ),
        ),
        create: unary((request: rpc.CreateRequest) =>
            operate(request, async (operation) => {
                const preview = request.getPreview();
                const inputs = decode(request.getProperties());
                const { id, outputs } = await instance().create({ ...operation, inputs, preview });
                // An id that a preview made up would pass for a known one in the program.
                return new pb.CreateResponse().setId(preview ? "" : id).setProperties(encode(outputs));
            }),
        ),
        read: unary((request: rpc.ReadRequest) =>
            operate(request, async (operation) => {
                const oldInputs = decode(request.getInputs());
                const oldOutputs = decode(request.getProperties());
                const found = await instance().read({ ...operation, id: request.getId(), oldInputs, oldOutputs });
                const response = new pb.ReadResponse();
                // The empty id tells the engine that the resource is gone.
                return found === null
                    ? response
                    : response.setId(found.id).setInputs(encode(found.inputs)).setProperties(encode(found.outputs));
            }),
        ),
        update: unary((request: rpc.UpdateRequest) =>
            operate(request, async (operation) => {
                const { outputs } = await instance().update({
                    ...operation,
                    id: request.getId(),
                    oldInputs: decode(request.getOldInputs()),
                    oldOutputs: decode(request.getOlds()),
                    inputs: decode(request.getNews()),
                    preview: request.getPreview(),
                });
                return new pb.UpdateResponse().setProperties(encode(outputs));
            }),
        ),
        delete: unary((request: rpc.DeleteRequest) =>
            operate(request, async (operation) => {
                const oldInputs = decode(request.getOldInputs());
                const oldOutputs = decode(request.getProperties());
                await instance().delete({ ...operation, id: request.getId(), oldInputs, oldOutputs });
                return new emptyPb.Empty();
            }),
        ),
        invoke: unary(async (request: rpc.InvokeRequest) => {
            const { result, failures } = await instance().invoke(request.getTok(), decode(request.getArgs()));
            return new pb.InvokeResponse().setReturn(encode(result)).setFailuresList(failures.map(toFailure));
        }),
        cancel: unary(async () => {
            operations.cancel();
            return new emptyPb.Empty();
        }),
    };
}

function unary<Request, Response>(handle: (request: Request) => Promise<Response>) {
    return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
        const answer = async (): Promise<Response> => handle(call.request);
        answer().then(
            (response) => callback(null, response),
            (thrown: unknown) => {
                // stderr of a provider is shown by `pulumi --debug` only.
                console.error(thrown);
                callback(toStatus(thrown));
            },
        );
    };
}

/** The engine prints the value of a failed property, even of a secret one: so the property is named in the text. */
function toFailure({ property, reason }: CheckFailure): rpc.CheckFailure {
    return new pb.CheckFailure().setReason(property === "" ? reason : `${property}: ${reason}`);
}

function toDiff({ changed, replace, deleteBeforeReplace, stable }: DiffResult): rpc.DiffResponse {
    const differs = changed.length + replace.length > 0;
    return new pb.DiffResponse()
        .setChanges(differs ? pb.DiffResponse.DiffChanges.DIFF_SOME : pb.DiffResponse.DiffChanges.DIFF_NONE)
        .setDiffsList([...new Set([...changed, ...replace])])
        .setReplacesList(replace)
        .setDeletebeforereplace(deleteBeforeReplace ?? false)
        .setStablesList(stable ?? []);
}
