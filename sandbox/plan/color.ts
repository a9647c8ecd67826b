/** Where text goes. */
interface Stream {
    isTTY?: boolean;
    hasColors?: () => boolean;
}

/** On a terminal that can show them, unless FORCE_COLOR or NO_COLOR in the environment says otherwise. */
export function wantsColor(stream: Stream, env: NodeJS.ProcessEnv): boolean {
    const forced = env["FORCE_COLOR"];
    if (forced !== undefined) {
        return forced !== "0" && forced !== "false";
    }
    return env["NO_COLOR"] === undefined && stream.isTTY === true && stream.hasColors?.() === true;
}
