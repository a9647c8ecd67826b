import type { HostImage } from "./images.ts";

/** A port that a program listens on, and the flag that moves it. */
export interface Listen {
    /** Distinguishes the program's ports, e.g. `metrics`. */
    name: string;
    /** e.g. `--port`; the Pod's own value of it is the container port that Services point to. */
    flag: string;
    /** The container port when the Pod does not set the flag. */
    containerPort: number;
    /** What the flag wants. @default "port" */
    value?: "port" | "host:port";
}

/** A Service that a program calls by name. */
export interface Dial {
    /** e.g. `--redis`. */
    flag: string;
    /** Read by the program when the flag is not given. */
    env: string;
    /** Used by the program when neither is given; with a port. */
    fallback: string;
}

/** What must differ for one program when it runs on a host instead of in a container. Everything else is the Pod's. */
export interface Workload {
    /** For messages and process ids, e.g. `argocd-repo-server`. */
    name: string;
    image: HostImage;
    /** Executable below `<kubelet>/bin`. */
    executable: string;
    listens: Listen[];
    dials: Dial[];
    /** Appended to the Pod's own arguments; the last one wins. */
    flags: string[];
    /** Paths in it are the container's: `/tmp` is the pod's own. */
    env: Record<string, string>;
    /** Ready when this port answers: with status 200–399 on `path`, or, without one, to a connection. */
    health?: { listen: string; path?: string };
    /** Runs once, and the sandbox waits for its exit. */
    once?: boolean;
    /** A flag of the Pod that carries a password, which never goes into arguments, and the variable it goes to. */
    password?: { flag: string; env: string };
    /** Variable with the path of a Unix socket. Such paths must be short, so it does not lie in the pod's folder. */
    socketEnv?: string;
    /** Flags of the Pod that cannot work on a host, with the reason. */
    refuse?: { flag: string; reason: string };
}
