/** Version of the contract suite's provider: part of the folder the engine looks for. */
export const TINY_VERSION = "1.0.0";
