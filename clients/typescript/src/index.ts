/** Client of Dalil, a semantic-search service for Arabic and English. Start with Dalil. */
export * from "./api.js";
export * from "./client.js";
export * from "./errors.js";
