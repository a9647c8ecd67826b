import grpc from "@grpc/grpc-js";
import engineGrpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import enginePb from "@pulumi/pulumi/proto/engine_pb.js";

type EngineClient = InstanceType<typeof engineGrpc.EngineClient>;

/** Sends status lines to the engine that started this provider. */
export class EngineLog {
    #client: EngineClient | undefined;

    /** `address` is host:port, as the engine gives it in argv, Handshake and Attach. */
    connect(address: string): void {
        this.#client?.close();
        this.#client = new engineGrpc.EngineClient(address, grpc.credentials.createInsecure());
    }

    /** Shows `message` under the resource. A lost line never fails an operation. */
    info(urn: string, message: string): void {
        const request = new enginePb.LogRequest();
        request.setSeverity(enginePb.LogSeverity.INFO);
        request.setUrn(urn);
        request.setMessage(message);
        request.setEphemeral(true);
        this.#client?.log(request, () => {});
    }
}
