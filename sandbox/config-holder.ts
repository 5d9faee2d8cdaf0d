import { readConfig, type Config } from "../src/protocol/config.ts";

/** The `config.json` that the phone is served with at this moment. */
export class ConfigHolder {
  #config: Config;

  constructor(config: Config) {
    this.#config = config;
  }

  get(): Config {
    return this.#config;
  }

  /** Replaces it if it is valid. @returns what is wrong with it; nothing when it was taken. */
  replace(value: unknown): readonly string[] {
    const result = readConfig(value);
    if (!result.ok) return result.problems;
    this.#config = result.config;
    return [];
  }
}
