// Generated from proto/openapi/openapi.json by scripts/generate.mjs. Do not edit.

/** ActivateCollectionRequest names a collection. */
export interface ActivateCollectionRequest {
  /** Its name. */
  collection?: string;
  /** Activate it even if documents are missing in it. */
  force?: boolean;
}

/** ActivateCollectionResponse is the operation that was started. */
export interface ActivateCollectionResponse {
  /** The operation. */
  operation?: Operation;
}

/** Activation says which collection was activated, and what is missing in it. */
export interface Activation {
  /** Name of the previous collection, which was active before. */
  before: string;
  /** Name of the collection that is active now. */
  collection: string;
  /** Documents that were written to the previous collection while servers switched, and could not be carried over. */
  late?: Lag;
  /** Documents that only the previous collection has, because `force` was set. */
  left?: Lag;
  /** Whether `left` is unknown, because the previous collection could not be compared with this one. */
  left_unknown: boolean;
}

/** ApproximateIndex describes the dense arm's approximate index, which compares a question with some of the passages. */
export interface ApproximateIndex {
  /** Default number of candidates that a search considers (hnsw_ef). */
  effort: number;
  /** Number of candidates that the search over quantised vectors returns for each one that is scored with full vectors. */
  oversampling: number;
}

/** Arm is one way of finding candidates. */
export type Arm = "UNSPECIFIED" | "DENSE" | "LEXICAL";

/** ArmCause says what an arm did with the document. */
export type ArmCause = "UNSPECIFIED" | "FOUND" | "DEPTH" | "THRESHOLD" | "NO_MATCH" | "NOT_USED" | "FAILED" | "EXCLUDED";

/** BatchSearchRequest has several questions. */
export interface BatchSearchRequest {
  /** The questions. */
  requests: SearchRequest[];
}

/** BatchSearchResponse has the answers to several questions. */
export interface BatchSearchResponse {
  /** One result for each request, in the order of the requests. */
  responses: BatchSearchResult[];
}

/** BatchSearchResult is the answer to one request of a batch, or its error. */
export interface BatchSearchResult {
  /** The answer. */
  response?: SearchResponse;
  /** The error of this request, with the code, message and details that Search returns for it. */
  status?: Status;
}

/** Body is a document's bytes before they are parsed. */
export interface Body {
  /** The bytes. */
  data: string;
  /** RFC 9110 media type, parameters allowed ("text/html. */
  media_type?: string;
}

/** Build is the program that runs. */
export interface Build {
  /** Commit that it was built from. */
  commit: string;
  /** Version of the Go toolchain that built it. */
  go_version: string;
  /** Version of the program. */
  version: string;
}

/** BuildContextRequest is a question, with the size and format of the context. */
export interface BuildContextRequest {
  /** Whether to fill BuildContextResponse.debug. */
  debug?: boolean;
  /** Which documents may answer. */
  filter?: Filter;
  /** The format of BuildContextResponse.text. */
  format?: ContextFormat;
  /** The conversation before the question, as in SearchRequest.history. */
  history?: Turn[];
  /** Largest number of passages of one document in the context, neighbours included, 1 to 1000. */
  max_passages_per_document?: number;
  /** Largest number of tokens of BuildContextResponse.text, 1 to Limits.max_context_tokens. */
  max_tokens?: number;
  /** Lowest evidence of a context that is not empty. */
  min_evidence?: Evidence;
  /** How many passages before and after a passage that was found may be added while there is space, 0 to Limits.max_neighbours. */
  neighbours?: number;
  /** The order of the blocks. */
  order?: ContextOrder;
  /** The question, with the limits of SearchRequest.query. */
  query: string;
}

/** BuildContextResponse is a context for a language model. */
export interface BuildContextResponse {
  /** The pieces of text, in the order of `text`. */
  blocks: ContextBlock[];
  /** How the question was understood. */
  debug?: SearchDebug;
  /** Arms that could not answer. */
  degraded_arms: Arm[];
  /** Stages that failed and were left out. */
  degraded_stages: Stage[];
  /** The passages that were found and are not in `blocks`, best first. */
  dropped: DroppedPassage[];
  /** Whether the passages answer the question. */
  evidence: Evidence;
  /** The question that was searched, with the words that were added from the history. */
  interpreted_query: string;
  /** The blocks in the requested format, ready for a prompt. */
  text: string;
  /** How long each stage took, in the order in which they ended. */
  timings: StageTiming[];
  /** How the tokens were counted. */
  token_counter: string;
  /** Number of tokens of `text`, at most max_tokens. */
  tokens: number;
}

/** CancelOperationRequest names an operation. */
export interface CancelOperationRequest {
  /** The operation's id. */
  operation_id: string;
}

/** CancelOperationResponse is the operation, which may not have ended yet. */
export interface CancelOperationResponse {
  /** The operation. */
  operation?: Operation;
}

/** Change says how the answers to one question differ. */
export interface Change {
  /** Mean distance, in ranks, of the documents that both answers have. */
  moved: number;
  /** Share of the first ten documents that both answers have, 0 to 1. */
  overlap: number;
  /** The question. */
  question: string;
  /** Whether the first document is the same. */
  same_first: boolean;
}

/** CheckGroundingRequest has an answer and what should support it. */
export interface CheckGroundingRequest {
  /** The answer of a chatbot, in any language. */
  answer: string;
  /** Which documents may be in the context of the question. */
  filter?: Filter;
  /** The passages, by id. */
  passage_ids?: string[];
  /** The question. */
  query?: string;
  /** The texts. */
  texts?: string[];
}

/** CheckGroundingResponse says how well the sources support an answer. */
export interface CheckGroundingResponse {
  /** The sentences of the answer, in their order. */
  claims: Claim[];
  /** The ids of which the index has no passage now. */
  missing_passage_ids: string[];
  /** Support of the claims that need it, weighted by their length, 0 to 1. */
  support?: number;
}

/** Claim is one sentence of an answer. */
export interface Claim {
  /** The sentences that support the claim, best first. */
  citations: ClaimCitation[];
  /** Whether the claim is supported although its own marker, such as [2], names other sources. */
  cited_wrongly: boolean;
  /** Numbers, dates and names of the claim that its supporting sentence does not have or contradicts, and words that only one of both negates. */
  mismatches: Mismatch[];
  /** Whether the sentence claims something. */
  needs_support: boolean;
  /** Position of the sentence in the answer. */
  span?: Span;
  /** How far the best sentence of the sources says the same, 0 to 1, in any language. */
  support?: number;
  /** The sentence. */
  text: string;
}

/** ClaimCitation is a sentence of a source that supports a claim. */
export interface ClaimCitation {
  /** What [n] in the answer names the source by. */
  citation: string;
  /** The document of the passage. */
  document_id: string;
  /** The passage. */
  passage_id: string;
  /** Position of the sentence in the text of the passage, the block or the request. */
  span?: Span;
  /** How far it supports the claim, 0 to 1. */
  support: number;
  /** The sentence. */
  text: string;
}

/** Collection is one of the collections behind a name. */
export interface Collection {
  /** When it last became the active one. */
  activated_at?: string;
  /** Whether it is the collection that answers. */
  active: boolean;
  /** When it was created. */
  created_at?: string;
  /** Number of documents in it. */
  documents: number;
  /** Name of the model of that pipeline. */
  model: string;
  /** Its name. */
  name: string;
  /** Number of passages in it. */
  passages: number;
  /** Fingerprint of the pipeline that built it. */
  pipeline: string;
  /** When it was last written to. */
  updated_at?: string;
}

/** CompareCollectionsRequest names the collection and the questions. */
export interface CompareCollectionsRequest {
  /** The collection to compare with the active one. */
  collection?: string;
  /** The questions. */
  questions?: string[];
  /** How many titles to use as questions if `questions` is empty, 1 to 1000. */
  sample?: number;
}

/** CompareCollectionsResponse is the operation that was started. */
export interface CompareCollectionsResponse {
  /** The operation. */
  operation?: Operation;
}

/** Comparison says how the answers of two collections to the same questions differ. */
export interface Comparison {
  /** Name of the other collection. */
  after: string;
  /** Name of the active collection. */
  before: string;
  /** The questions whose answers changed most, at most ten. */
  most: Change[];
  /** Mean distance, in ranks, of the documents that both answers have. */
  moved: number;
  /** nDCG@10 of the other collection, 0 to 1. */
  ndcg_after?: number;
  /** nDCG@10 of the active collection, 0 to 1. */
  ndcg_before?: number;
  /** Mean share of the first ten documents that both answers have, 0 to 1. */
  overlap: number;
  /** Number of questions. */
  questions: number;
  /** Share of the questions whose first document is the same, 0 to 1. */
  same_first: number;
}

/** ContextBlock is a part of a document. */
export interface ContextBlock {
  /** How `text` of the response cites the block. */
  citation: string;
  /** The document that it is from, with `text` unset. */
  document?: Document;
  /** Properties of the text that matter to a chatbot. */
  flags: ContextFlag[];
  /** The words of `text` that matched the question or a translation of it, in reading order, without overlaps. */
  highlights: Highlight[];
  /** The passages whose sentences are in the block, in reading order. */
  passage_ids: string[];
  /** Probability that the best of its passages answers the question, 0 to 1. */
  relevance?: number;
  /** Position of the block in the document's clean text. */
  span?: Span;
  /** The text, exactly as in the document. */
  text: string;
  /** Number of tokens of the block's `text`. */
  tokens: number;
}

/** ContextFlag is a property of a block's text that matters to a chatbot. */
export type ContextFlag = "UNSPECIFIED" | "HIDDEN_CHARACTERS" | "INSTRUCTION_LIKE" | "MIXED_DIRECTION";

/** ContextFormat is the format of BuildContextResponse.text. */
export type ContextFormat = "UNSPECIFIED" | "BLOCKS" | "MARKDOWN" | "XML" | "SEARCH_RESULTS";

/** ContextOrder is the order of the blocks of a context. */
export type ContextOrder = "UNSPECIFIED" | "RANK" | "DOCUMENT" | "EDGES";

/** DeleteDocumentResponse confirms the deletion. */
export interface DeleteDocumentResponse {
  /** The receipt. */
  receipt?: Receipt;
}

/** DeleteDocumentsRequest says which documents to delete. */
export interface DeleteDocumentsRequest {
  /** Delete every document. */
  all?: boolean;
  /** The documents to delete. */
  filter?: Filter;
  /** Delete nothing. */
  validate_only?: boolean;
}

/** DeleteDocumentsResponse is the operation that was started. */
export interface DeleteDocumentsResponse {
  /** The operation. */
  operation?: Operation;
}

/** DeleteTenantResponse is the operation. */
export interface DeleteTenantResponse {
  /** The operation, of kind OPERATION_KIND_DELETE_TENANT. */
  operation?: Operation;
}

/** Deletion says what DeleteDocuments deleted. */
export interface Deletion {
  /** Number of documents that were deleted. */
  deleted: number;
  /** Number of documents that the filter kept. */
  matched: number;
  /** The first ids of those that the filter kept, in byte order, at most 20. */
  sample_document_ids: string[];
}

/** Document is an article in the index. */
export interface Document {
  /** The author. */
  author: string;
  /** The caller's id, unique in the index. */
  document_id: string;
  /** Identifies the content. */
  etag: string;
  /** When the document expires. */
  expires_at?: string;
  /** The groups that may read the document. */
  groups: string[];
  /** BCP 47 primary language subtag ("ar", "en"). */
  language: string;
  /** The caller's own keys and values. */
  metadata: Record<string, string | number | boolean | string[]>;
  /** How many passages the document was cut into. */
  passages?: number;
  /** When the document was published. */
  published_at?: string;
  /** Identifies this version of the text. */
  revision: string;
  /** Where the document came from. */
  source: string;
  /** The version that the document's source gave it. */
  source_version?: number;
  /** The tags, in no particular order. */
  tags: string[];
  /** The clean text (see DocumentInput.text). */
  text?: string;
  /** The title. */
  title: string;
  /** When the document was last written. */
  updated_at?: string;
  /** The canonical address. */
  url: string;
  /** When the document becomes visible. */
  visible_from?: string;
}

/** DocumentFailure is a document that this server could not write, and that nobody has written or deleted through this server since. */
export interface DocumentFailure {
  /** The document's id. */
  document_id: string;
  /** When it failed first. */
  first_failed_at?: string;
  /** When it failed last. */
  last_failed_at?: string;
  /** What happened, for people. */
  message: string;
  /** Why it failed the last time. */
  reason: ErrorReason;
  /** Whether sending the same document again may succeed. */
  retryable: boolean;
  /** Where the document came from (DocumentInput.source). */
  source: string;
  /** How often it failed in a row. */
  tries: number;
}

/** DocumentInput is a document to index. */
export interface DocumentInput {
  /** The author. */
  author?: string;
  /** Bytes to parse. */
  body?: Body;
  /** The id of the document. */
  document_id: string;
  /** When the document expires, to the microsecond. */
  expires_at?: string;
  /** The groups that may read the document. */
  groups?: string[];
  /** BCP 47 language tag, of which the primary subtag is kept. */
  language?: string;
  /** The caller's own keys and values, which filters can use and answers contain. */
  metadata?: Record<string, string | number | boolean | string[]>;
  /** When the document was published. */
  published_at?: string;
  /** Whether the document may replace one with another root. */
  replace_root?: boolean;
  /** The folder that the document was read from, as an absolute path, or another name of the place in which its id is unique. */
  root?: string;
  /** Where the document came from. */
  source?: string;
  /** A number that the document's source raises with every change, such as a revision, a log offset or the time of the change in microseconds. */
  source_version?: number;
  /** The tags to filter by. */
  tags?: string[];
  /** Plain text, which is cleaned and not parsed. */
  text?: string;
  /** The title. */
  title?: string;
  /** The canonical address. */
  url?: string;
  /** When the document becomes visible, to the microsecond. */
  visible_from?: string;
}

/** DocumentInput is a document to index. */
export interface DocumentInputMembers {
  /** The author. */
  author?: string;
  /** Bytes to parse. */
  body?: Body;
  /** The id of the document. */
  document_id?: string;
  /** When the document expires, to the microsecond. */
  expires_at?: string;
  /** The groups that may read the document. */
  groups?: string[];
  /** BCP 47 language tag, of which the primary subtag is kept. */
  language?: string;
  /** The caller's own keys and values, which filters can use and answers contain. */
  metadata?: Record<string, string | number | boolean | string[]>;
  /** When the document was published. */
  published_at?: string;
  /** Whether the document may replace one with another root. */
  replace_root?: boolean;
  /** The folder that the document was read from, as an absolute path, or another name of the place in which its id is unique. */
  root?: string;
  /** Where the document came from. */
  source?: string;
  /** A number that the document's source raises with every change, such as a revision, a log offset or the time of the change in microseconds. */
  source_version?: number;
  /** The tags to filter by. */
  tags?: string[];
  /** Plain text, which is cleaned and not parsed. */
  text?: string;
  /** The title. */
  title?: string;
  /** The canonical address. */
  url?: string;
  /** When the document becomes visible, to the microsecond. */
  visible_from?: string;
}

/** DocumentOrder is the order of a list of documents. */
export type DocumentOrder = "UNSPECIFIED" | "ID" | "PUBLISHED" | "UPDATED";

/** DropCollectionResponse confirms the deletion. */
export interface DropCollectionResponse {
}

/** DropReason says why a passage that was found is not in the context. */
export type DropReason = "UNSPECIFIED" | "BUDGET" | "DUPLICATE" | "DOCUMENT_LIMIT" | "NO_EVIDENCE";

/** DroppedPassage is a passage that was found and is not in the context. */
export interface DroppedPassage {
  /** The passage's id. */
  passage_id: string;
  /** Why it is not in the context. */
  reason: DropReason;
}

/** ErrorReason is why a call or a document failed. */
export type ErrorReason = "UNSPECIFIED" | "INVALID" | "NOT_FOUND" | "MODEL_MISMATCH" | "LOCKED" | "EXHAUSTED" | "UNAVAILABLE" | "CONFLICT" | "CORRUPT" | "UNSUPPORTED" | "NOT_READY" | "CANCELLED" | "DEADLINE" | "SHUTTING_DOWN" | "TOO_LARGE" | "STALLED" | "INTERNAL" | "MISSING" | "DENIED" | "REFUSED" | "OVERLOADED" | "FORBIDDEN" | "UNAUTHENTICATED" | "RATE_LIMITED";

/** Evidence says whether the passages that were found answer the question. */
export type Evidence = "UNSPECIFIED" | "SUFFICIENT" | "WEAK" | "NONE" | "UNKNOWN";

/** ExplainCause says why a document is in an answer, or at which step it was left out. */
export type ExplainCause = "UNSPECIFIED" | "RANKED" | "NOT_INDEXED" | "EXPIRED" | "NOT_VISIBLE" | "NO_PASSAGES" | "FILTER" | "THRESHOLD" | "DEPTH" | "NO_WORDS" | "EXCLUDED" | "DUPLICATE" | "DOCUMENT_LIMIT" | "OLD_REVISION";

/** ExplainDocumentRequest is a question and the document whose place is asked for. */
export interface ExplainDocumentRequest {
  /** The document. */
  document_id: string;
  /** The question, with all options of the search that the document is missing in. */
  search: SearchRequest;
}

/** ExplainDocumentResponse says where the document is in the answer, or where it was left out, and the numbers that decided. */
export interface ExplainDocumentResponse {
  /** What each arm did with the document. */
  arms: ExplainedArm[];
  /** Number of passages that the arms found, as in SearchResponse. */
  candidates: number;
  /** The cause. */
  cause: ExplainCause;
  /** Number of passages that each arm returns at most. */
  depth: number;
  /** The better passage with nearly the same text. */
  duplicate_of_passage_id: string;
  /** Words and phrases that the question excludes and the document has. */
  excluded_words: string[];
  /** The cause in a sentence, for people. */
  explanation: string;
  /** The part of the filter that leaves the document out ("filter.all.filters[1].in"). */
  filter_clause: string;
  /** Phrases of the question that no passage of the document has. */
  missing_phrases: string[];
  /** The document's best passage, with its scores. */
  passage?: Passage;
  /** The document's passages that the arms found, best first, and what became of each. */
  passages: ExplainedPassage[];
  /** Position of the document's best passage in the whole ranking. */
  rank?: number;
  /** The question's words in their order. */
  words: ExplainedWord[];
}

/** ExplainedArm says what one arm did with the document. */
export interface ExplainedArm {
  /** The arm. */
  arm: Arm;
  /** What it did. */
  cause: ArmCause;
  /** The coverage of the question's words, 0 to 1. */
  coverage?: number;
  /** The score of the arm's last candidate. */
  last_score?: number;
  /** Position among all passages that the filter keeps, without thresholds. */
  rank?: number;
  /** The score. */
  score?: number;
  /** How many passages were looked at for `rank`. */
  searched: number;
  /** The threshold of the request, for `score` of the dense arm and `coverage` of the lexical arm. */
  threshold?: number;
}

/** ExplainedPassage says what became of a passage that the arms found. */
export interface ExplainedPassage {
  /** The cause, for this passage alone. */
  cause: ExplainCause;
  /** The passage. */
  passage_id: string;
  /** Position in the whole ranking. */
  rank?: number;
}

/** ExplainedWord says where a word of the question occurs. */
export interface ExplainedWord {
  /** Whether it is a stop word, which is not searched for beside other words. */
  ignored: boolean;
  /** Whether `passage` has one of them. */
  in_document: boolean;
  /** Whether the index has the word, one of its forms or one of its translations. */
  in_index: boolean;
  /** The word as written. */
  word: string;
}

/** Explanation lists the forms and translations that a word of the question was searched by. */
export interface Explanation {
  /** Whether the index contains the stem itself. */
  held: boolean;
  /** Its stem. */
  term: string;
  /** Translations of the word, largest weight first. */
  translations: Translation[];
  /** Weight of the stem itself, 0 or more. */
  weight: number;
  /** The word as written. */
  word: string;
}

/** Facet has the values of a field, with the number of documents of each. */
export interface Facet {
  /** Whether the counts cover everything that was found. */
  complete: boolean;
  /** The field, as in the request. */
  field: string;
  /** The values, the most frequent first. */
  values: FacetValue[];
}

/** FacetRequest asks how often each value of a field occurs. */
export interface FacetRequest {
  /** What to count. */
  field: string;
  /** How many values to return, 1 to 100. */
  limit?: number;
}

/** FacetValue is a value, and how many documents have it. */
export interface FacetValue {
  /** Number of documents. */
  count: number;
  /** A string. */
  value?: string | number | boolean | string[];
}

/** Failure says why one document of a stream failed. */
export interface Failure {
  /** What happened, for people. */
  message: string;
  /** Whether the document may have been written although the call failed. */
  outcome_unknown: boolean;
  /** The kind of failure. */
  reason: ErrorReason;
  /** Whether sending the same document again may succeed. */
  retryable: boolean;
  /** What is wrong with the input, field by field. */
  violations: FieldViolation[];
}

/** FieldFilter keeps documents whose field equals one of the values, byte for byte. */
export interface FieldFilter {
  /** The field to compare. */
  field: FilterField;
  /** The values to keep. */
  values: string[];
}

/** FieldViolation says what is wrong with one field of the input. */
export interface FieldViolation {
  /** What is wrong, with the limit. */
  description: string;
  /** The field's path from the request ("document.document_id"). */
  field: string;
  /** The value that was given. */
  got: string;
  /** The allowed value, if it is a number or a short list. */
  limit: string;
}

/** Filter selects documents. */
export interface Filter {
  /** Keeps documents that every one of these filters keeps. */
  all?: FilterList;
  /** Keeps documents that at least one of these filters keeps. */
  any?: FilterList;
  /** Keeps documents by the value of a field. */
  in?: FieldFilter;
  /** Keeps documents by one key of their metadata. */
  metadata?: MetadataFilter;
  /** Keeps documents that this filter does not keep. */
  not?: Filter;
  /** Keeps documents by their time of publication. */
  published?: PublishedFilter;
}

/** FilterField is a document field that a filter can name. */
export type FilterField = "UNSPECIFIED" | "LANGUAGE" | "SOURCE" | "AUTHOR" | "TAG" | "DOCUMENT_ID";

/** FilterList is a list of filters to combine. */
export interface FilterList {
  /** The filters. */
  filters: Filter[];
}

/** FindSimilarRequest names what the passages should be like. */
export interface FindSimilarRequest {
  /** A document. */
  document_id?: string;
  /** Which documents may be returned. */
  filter?: Filter;
  /** Smallest cosine similarity of a candidate of the dense arm, -1 to 1. */
  min_dense_similarity?: number;
  /** Passages on one page, at most Limits.max_page_size. */
  page_size?: number;
  /** next_page_token of the previous answer. */
  page_token?: string;
  /** A passage. */
  passage_id?: string;
  /** How many passages of one document are returned at most, 1 to 10. */
  passages_per_document?: number;
  /** A text. */
  text?: string;
  /** Which fields of the passages to return. */
  view?: View;
}

/** FindSimilarResponse is one page of similar passages. */
export interface FindSimilarResponse {
  /** Number of passages that were found, all pages together. */
  candidates: number;
  /** Arms that could not answer. */
  degraded_arms: Arm[];
  /** page_token of the next page. */
  next_page_token: string;
  /** The passages, the most similar first. */
  passages: Passage[];
  /** How long each stage took, in the order in which they ended. */
  timings: StageTiming[];
}

/** Fusion says how the scores of the arms are combined. */
export interface Fusion {
  /** Weight of the dense arm relative to lexical_weight, 0 to 1000. */
  dense_weight?: number;
  /** The constant k of reciprocal rank fusion, 1 to 1000. */
  k?: number;
  /** Weight of the lexical arm relative to dense_weight, 0 to 1000. */
  lexical_weight?: number;
  /** The method. */
  method?: FusionMethod;
}

/** FusionMethod is how the scores of the arms are combined into one. */
export type FusionMethod = "UNSPECIFIED" | "MIX" | "RRF";

/** GetDocumentResponse is one document. */
export interface GetDocumentResponse {
  /** The document. */
  document?: Document;
  /** passage_page_token of the next passages. */
  next_passage_page_token: string;
  /** text_page_token of the next page of the text. */
  next_text_page_token: string;
  /** The passages in reading order, without the document, scores, highlights and snippets. */
  passages: Passage[];
  /** Bytes of the whole text. */
  text_bytes: number;
  /** Where document.text begins in the whole text, in bytes. */
  text_start: number;
}

/** GetInfoResponse describes the server. */
export interface GetInfoResponse {
  /** Name and version of the text analyzer. */
  analyzer: string;
  /** The index of the dense arm. */
  approximate_index?: ApproximateIndex;
  /** The arms that a search can use. */
  arms: Arm[];
  /** The program. */
  build?: Build;
  /** Name and version of the chunker. */
  chunker: string;
  /** Name of the active collection, which answers searches. */
  collection: string;
  /** What the server accepts. */
  limits?: Limits;
  /** The model that embeds questions and passages. */
  model?: Model;
  /** Fingerprint of everything that shapes the index (model, analyzer, chunker), 16 hexadecimal digits. */
  pipeline: string;
  /** When the server began to serve. */
  started_at?: string;
  /** Name of the store ("local", "qdrant"). */
  store: string;
}

/** GetOperationResponse is the operation. */
export interface GetOperationResponse {
  /** The operation. */
  operation?: Operation;
}

/** GetPassagesResponse has the passages that exist. */
export interface GetPassagesResponse {
  /** The ids for which the index has no passage, in the order of the request. */
  missing_passage_ids: string[];
  /** page_token for the ids that did not fit into an answer of 3 MB. */
  next_page_token: string;
  /** The passages in the order of the request, without scores and highlights. */
  passages: Passage[];
}

/** GetStatsResponse has the counts of the index. */
export interface GetStatsResponse {
  /** Bytes on disk. */
  disk_bytes?: number;
  /** Number of documents. */
  documents: number;
  /** Number of documents by language. */
  languages: Record<string, number>;
  /** Number of passages. */
  passages: number;
  /** Number of distinct terms of the lexical arm. */
  terms: number;
  /** When the index was last written to. */
  updated_at?: string;
}

/** GetTenantUsageResponse is what a tenant uses. */
export interface GetTenantUsageResponse {
  /** The limits of this server for the tenant. */
  quota?: TenantQuota;
  /** What the tenant uses. */
  usage?: TenantUsage;
}

/** Group is a document with its passages that answer. */
export interface Group {
  /** The document, with `text` unset. */
  document?: Document;
  /** The id of the document. */
  document_id: string;
  /** Its passages, in the order of the answer. */
  passages: Passage[];
}

/** Grouping puts the passages of each document together. */
export interface Grouping {
  /** How many passages of a document to return, its best ones. */
  passages_per_document?: number;
}

/** Highlight is a matched word in a passage's text, as half-open ranges in two units. */
export interface Highlight {
  /** The byte after the last. */
  end: number;
  /** First byte of UTF-8. */
  start: number;
  /** The UTF-16 code unit after the last. */
  utf16_end: number;
  /** First UTF-16 code unit. */
  utf16_start: number;
}

/** Lag is how far a collection is behind another one, in documents. */
export interface Lag {
  /** Number of documents that the other collection no longer has. */
  extra: number;
  /** Number of documents that only the other collection has. */
  missing: number;
  /** Number of documents of which the other collection has a newer version. */
  older: number;
}

/** Limits are the largest values that the server accepts. */
export interface Limits {
  /** Timeout of a unary call whose caller sets no deadline. */
  default_timeout?: string;
  /** Bytes of an answer whose grounding is checked. */
  max_answer_bytes: number;
  /** Requests of one batch. */
  max_batch: number;
  /** Tokens of a context. */
  max_context_tokens: number;
  /** Bytes of a document's text or body. */
  max_document_bytes: number;
  /** Bytes of a document id. */
  max_document_id_bytes: number;
  /** Bytes of a filter's keys and values, all together. */
  max_filter_bytes: number;
  /** Clauses and values of one filter. */
  max_filter_clauses: number;
  /** Bytes of the texts that an answer is checked against, all together. */
  max_grounding_bytes: number;
  /** Bytes of a call's metadata (its header). */
  max_header_bytes: number;
  /** Bytes of a history's texts, all together. */
  max_history_bytes: number;
  /** Turns of a request's history. */
  max_history_turns: number;
  /** Bytes of one message with a document, serialised and not compressed. */
  max_message_bytes: number;
  /** Bytes of a document's fields beside text and body. */
  max_metadata_bytes: number;
  /** Passages of context on each side of a passage. */
  max_neighbours: number;
  /** Passages or documents on one page, and ids in one GetPassages. */
  max_page_size: number;
  /** Bytes of SearchRequest.query. */
  max_query_bytes: number;
  /** Bytes of FindSimilarRequest.text. */
  max_similar_bytes: number;
  /** Longest timeout of a unary call. */
  max_timeout?: string;
}

/** ListCollectionsResponse has all collections, newest first. */
export interface ListCollectionsResponse {
  /** The collections. */
  collections: Collection[];
}

/** ListDocumentsRequest asks for one page of documents. */
export interface ListDocumentsRequest {
  /** Whether the order is reversed, also that of equal documents. */
  descending?: boolean;
  /** Which documents to list. */
  filter?: Filter;
  /** Whether to fill ListDocumentsResponse.total_size. */
  include_total_size?: boolean;
  /** The order of the documents. */
  order?: DocumentOrder;
  /** Documents on one page, at most Limits.max_page_size. */
  page_size?: number;
  /** next_page_token of the previous answer, whose request had the same filter and order. */
  page_token?: string;
}

/** ListDocumentsResponse is one page of documents. */
export interface ListDocumentsResponse {
  /** The documents in the requested order, without text. */
  documents: Document[];
  /** page_token of the next page. */
  next_page_token: string;
  /** Number of documents on all pages, as the index is now. */
  total_size?: number;
}

/** ListFacetsRequest says what to count. */
export interface ListFacetsRequest {
  /** The fields to count. */
  facets?: FacetRequest[];
  /** Which documents to count. */
  filter?: Filter;
}

/** ListFacetsResponse has the counts. */
export interface ListFacetsResponse {
  /** The counts, in the order of the request. */
  facets: Facet[];
  /** Number of documents that were counted. */
  total_size: number;
}

/** ListFailuresResponse is one page of failures. */
export interface ListFailuresResponse {
  /** The failures in ascending byte order of document ids. */
  failures: DocumentFailure[];
  /** page_token of the next page. */
  next_page_token: string;
  /** Number of failures on all pages. */
  total_size: number;
}

/** ListOperationsResponse has the operations of this server. */
export interface ListOperationsResponse {
  /** The operations, the newest first. */
  operations: Operation[];
}

/** ListTenantsResponse is one page of tenants. */
export interface ListTenantsResponse {
  /** page_token of the next page. */
  next_page_token: string;
  /** The tenants that have documents, in ascending byte order of names. */
  tenants: Tenant[];
  /** Number of tenants on all pages. */
  total_size: number;
}

/** MetadataFilter keeps documents by one key of their metadata. */
export interface MetadataFilter {
  /** True keeps documents that have the key, with any value, even an empty list. */
  exists?: boolean;
  /** Keeps strings that are times of RFC 3339 ("2024-05-01T12:00:00+02:00", or a date, which means its midnight in UTC) and not before this time. */
  from?: string;
  /** The key. */
  key: string;
  /** The largest number kept. */
  max?: number;
  /** The smallest number kept. */
  min?: number;
  /** Keeps strings that begin with these bytes. */
  prefix?: string;
  /** The first time that is no longer kept. */
  until?: string;
  /** The values to keep. */
  values?: Array<string | number | boolean | string[]>;
}

/** Mismatch is a number, a date, a name or a negation that a claim and its supporting sentence do not share. */
export interface Mismatch {
  /** What [n] names the source of the supporting sentence by. */
  citation: string;
  /** Position in the answer. */
  claim_span?: Span;
  /** What the claim says. */
  claim_text: string;
  /** What it is. */
  kind: MismatchKind;
  /** Position in the source of what the supporting sentence has instead. */
  source_span?: Span;
  /** What the supporting sentence has instead. */
  source_text: string;
}

/** MismatchKind is what does not agree. */
export type MismatchKind = "UNSPECIFIED" | "NUMBER" | "DATE" | "NAME" | "NEGATION";

/** Model describes the embedder, which turns text into dense vectors. */
export interface Model {
  /** Width of the vectors. */
  dimensions: number;
  /** Largest number of tokens that the model reads of one text. */
  max_tokens?: number;
  /** Name of the model. */
  name: string;
  /** Name of the provider ("static", "openai"). */
  provider: string;
  /** Changes whenever any vector may change. */
  revision: string;
}

/** Neighbour is a passage before or after a passage of the answer, in the same document. */
export interface Neighbour {
  /** Which passage of the document this is. */
  ordinal: number;
  /** Stable id of the neighbour, a UUID. */
  passage_id: string;
  /** Position of the neighbour in the document's clean text. */
  span?: Span;
  /** The neighbour's text. */
  text: string;
}

/** Operation is a task that may take longer than one call. */
export interface Operation {
  /** The result of ActivateCollection. */
  activation?: Activation;
  /** The result of CompareCollections. */
  comparison?: Comparison;
  /** The result of DocumentService.DeleteDocuments. */
  deletion?: Deletion;
  /** When it ended. */
  ended_at?: string;
  /** Why it failed. */
  error?: Failure;
  /** What it does. */
  kind: OperationKind;
  /** The operation's id on this server. */
  operation_id: string;
  /** How much of it is done. */
  progress?: Progress;
  /** The result of StartRebuild. */
  rebuild?: Rebuild;
  /** When it began. */
  started_at?: string;
  /** Its state. */
  state: OperationState;
  /** The result of DeleteTenant. */
  tenant_deletion?: TenantDeletion;
}

/** OperationKind is what an operation does. */
export type OperationKind = "UNSPECIFIED" | "REBUILD" | "COMPARE" | "ACTIVATE" | "DELETE" | "DELETE_TENANT";

/** OperationState is the state of an operation. */
export type OperationState = "UNSPECIFIED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED";

/** OrderBy is the order of the passages of an answer. */
export type OrderBy = "UNSPECIFIED" | "RELEVANCE" | "NEWEST" | "OLDEST";

/** Outcome is the result of writing or deleting one document. */
export type Outcome = "UNSPECIFIED" | "INDEXED" | "UNCHANGED" | "FAILED" | "DELETED" | "STALE";

/** Passage is one answer. */
export interface Passage {
  /** The passages directly after this one, in reading order. */
  after: Neighbour[];
  /** The passages directly before this one, in reading order. */
  before: Neighbour[];
  /** The sentence that matches the question best, as a range of bytes of the passage's text. */
  best_sentence?: Span;
  /** The document that it is from, with `text` unset. */
  document?: Document;
  /** The id of the document that the passage is from. */
  document_id: string;
  /** The passages that were left out because this one has nearly all of their text, best first. */
  duplicate_passage_ids: string[];
  /** The path of headings above the passage, outermost first. */
  heading_path: string[];
  /** The words of `text` that matched the question or a translation of it, in reading order, without overlaps. */
  highlights: Highlight[];
  /** Which passage of the document this is, in reading order. */
  ordinal: number;
  /** Stable id of the passage, a UUID. */
  passage_id: string;
  /** Position in the whole ranking, over all pages. */
  rank: number;
  /** The features that the ranker used for the passage. */
  rank_features: RankFeature[];
  /** Probability that the passage answers the question, 0 to 1. */
  relevance?: number;
  /** The scores of the passage. */
  scores?: Scores;
  /** The part of the passage's text around the matched words, exactly as in the text. */
  snippet: string;
  /** Position of the passage in the document's clean text. */
  span?: Span;
  /** The passage's text, exactly as in the document. */
  text: string;
}

/** PreviewDocumentRequest is a document as it would be written. */
export interface PreviewDocumentRequest {
  /** The document. */
  document: DocumentInput;
  /** Passages on one page, at most Limits.max_page_size. */
  page_size?: number;
  /** next_page_token of the previous answer, with the same document. */
  page_token?: string;
}

/** PreviewDocumentResponse says what the index would contain. */
export interface PreviewDocumentResponse {
  /** The document as it would be stored, without its text. */
  document?: Document;
  /** page_token of the next page. */
  next_page_token: string;
  /** What a write without conditions would do now. */
  outcome: Outcome;
  /** The passages, in reading order. */
  passages: PreviewPassage[];
  /** What was guessed, repaired or left out while the document was parsed, as in Receipt.warnings. */
  warnings: string[];
}

/** PreviewPassage is a passage that the document would be cut into. */
export interface PreviewPassage {
  /** The text that the embedder would get. */
  embedded_text: string;
  /** The path of headings above the passage, outermost first. */
  heading_path: string[];
  /** Which passage of the document this is. */
  ordinal: number;
  /** The id that the passage would have. */
  passage_id: string;
  /** Position of the passage in the document's clean text. */
  span?: Span;
  /** The passage's text. */
  text: string;
  /** Number of tokens of embedded_text. */
  tokens?: number;
  /** The words of `text` as the lexical arm reads them, in reading order. */
  words: PreviewWord[];
}

/** PreviewWord is a word of a passage. */
export interface PreviewWord {
  /** Position of the word in the passage's text. */
  span?: Span;
  /** Whether it is a stop word. */
  stop: boolean;
  /** The stem under which it is indexed. */
  term: string;
  /** The word after normalisation. */
  word: string;
}

/** Progress says how much of an operation is done. */
export interface Progress {
  /** Documents or questions done in this step. */
  done: number;
  /** Name of the current step, for people. */
  step: string;
  /** Number of documents or questions in this step. */
  total: number;
}

/** PublishedFilter keeps documents published within [from, until). */
export interface PublishedFilter {
  /** The earliest time kept. */
  from?: string;
  /** The end of the interval, which is not kept itself. */
  until?: string;
}

/** RankFeature is one of the numbers that determined a passage's rank. */
export interface RankFeature {
  /** How much the feature changed the passage's score. */
  moved: number;
  /** Its name. */
  name: string;
  /** Its value. */
  value: number;
}

/** Rebuild counts what happened to the documents of the active collection. */
export interface Rebuild {
  /** Set if it was activated. */
  activation?: Activation;
  /** Name of the new collection. */
  collection: string;
  /** Number of documents deleted from it, because the active collection no longer has them. */
  deleted: number;
  /** Number of documents that failed. */
  failed: number;
  /** Number of documents written to it. */
  indexed: number;
  /** Number of documents that it already had. */
  unchanged: number;
}

/** Receipt says what happened to one document. */
export interface Receipt {
  /** Number of passages that were too long for the model, which then read only their beginning. */
  cut_passages: number;
  /** The document's id. */
  document_id: string;
  /** Document.etag of the document in the index now. */
  etag: string;
  /** Why the document failed. */
  failure?: Failure;
  /** Marks a state of the index that has the write of this receipt. */
  index_token: string;
  /** The newer source_version in the index. */
  newer_source_version?: number;
  /** The result. */
  outcome: Outcome;
  /** Number of passages that the document was cut into. */
  passages: number;
  /** The revision that is in the index now. */
  revision: string;
  /** Number of tokens that were embedded, as the model counts them. */
  tokens: number;
  /** What was guessed, repaired or left out while the document was parsed, one sentence each. */
  warnings: string[];
}

/** Recency raises the passages of new documents and lowers those of old ones, by Document.published_at. */
export interface Recency {
  /** The age at which nothing changes. */
  half_life: string;
  /** How much the age counts, 0 to 1. */
  weight?: number;
}

/** Role is the role of a speaker in a conversation. */
export type Role = "UNSPECIFIED" | "USER" | "ASSISTANT";

/** RollbackCollectionRequest has no parameters. */
export interface RollbackCollectionRequest {
}

/** RollbackCollectionResponse says which collection is active. */
export interface RollbackCollectionResponse {
  /** Name of the collection that is active now. */
  collection: string;
  /** Number of documents that were written while the other collection was active. */
  newer: number;
}

/** Scores are the scores of a passage. */
export interface Scores {
  /** Share of the weight of the question's words that the passage has, 0 to 1. */
  coverage?: number;
  /** Cosine similarity of the dense vectors of question and passage, -1 to 1. */
  dense?: number;
  /** Position among the dense arm's candidates. */
  dense_rank?: number;
  /** The score that orders the passages. */
  fused?: number;
  /** BM25 sum of the words that the passage shares with the question or its translations, 0 or more. */
  lexical?: number;
  /** Position among the lexical arm's candidates. */
  lexical_rank?: number;
  /** Score of the reranker. */
  rerank?: number;
}

/** SearchDebug explains how a question was understood. */
export interface SearchDebug {
  /** The words and phrases that the passages lack, from the minus signs of the question. */
  excluded: string[];
  /** The question's words in their order, without stop words. */
  explanations: Explanation[];
  /** The phrases that the passages have, from the quotation marks of the question. */
  phrases: string[];
  /** Whether there may be more passages with the phrases and without what is excluded than were looked at. */
  phrases_incomplete: boolean;
}

/** SearchRequest is one question. */
export interface SearchRequest {
  /** The arms to use. */
  arms?: Arm[];
  /** Whether to leave out passages whose text better passages have nearly whole, as BuildContext does. */
  collapse_duplicates?: boolean;
  /** Whether to fill SearchResponse.debug. */
  debug?: boolean;
  /** How much a passage loses that resembles better ones, 0 to 1 (maximal marginal relevance on the passages' vectors). */
  diversity?: number;
  /** Dense arm. */
  effort?: number;
  /** Dense arm. */
  exact?: boolean;
  /** Values to count over the documents that were found, for a list of filters beside the answer. */
  facets?: FacetRequest[];
  /** Which documents may answer. */
  filter?: Filter;
  /** How the scores of the arms are combined. */
  fusion?: Fusion;
  /** Whether to group the passages by document. */
  group_by?: Grouping;
  /** The conversation before the question, oldest turn first. */
  history?: Turn[];
  /** Whether the time that the question names ("last week", "in May 2024", "قبل ثلاثة أيام") raises the passages of documents that were published in it. */
  interpret_time?: boolean;
  /** Smallest cosine similarity of a candidate of the dense arm, -1 to 1. */
  min_dense_similarity?: number;
  /** Receipt.index_token of a write, or SearchResponse.index_token of an earlier search. */
  min_index_token?: string;
  /** Smallest coverage (Scores.coverage) of a candidate of the lexical arm, 0 to 1. */
  min_lexical_coverage?: number;
  /** Passages of context to return on each side of a passage, 0 to Limits.max_neighbours. */
  neighbours?: number;
  /** The order of the passages, or of the groups by their first passage. */
  order_by?: OrderBy;
  /** Passages on one page, or with group_by documents, at most Limits.max_page_size. */
  page_size?: number;
  /** next_page_token of the previous answer. */
  page_token?: string;
  /** Whether a passage in the question's language comes before an equally good passage in another language. */
  prefer_query_language?: boolean;
  /** The question, as a person would ask it, in any language. */
  query: string;
  /** Whether words in quotation marks must stand together in a passage ("…", “…”, „…“, «…»), and words or phrases behind a minus must not be in it. */
  query_syntax?: boolean;
  /** Whether new documents are raised. */
  recency?: Recency;
  /** The moment from which "last week" is counted, in the years 1500 to 9000. */
  reference_time?: string;
  /** Whether to rerank the best candidates. */
  rerank?: boolean;
  /** Which fields of the passages to return. */
  view?: View;
}

/** SearchResponse is one page of ranked passages, and how they were found. */
export interface SearchResponse {
  /** Number of passages that the arms found, after thresholds. */
  candidates: number;
  /** How the question was understood. */
  debug?: SearchDebug;
  /** Arms that were requested and could not answer. */
  degraded_arms: Arm[];
  /** Stages that failed and were left out. */
  degraded_stages: Stage[];
  /** Whether the passages answer the question. */
  evidence: Evidence;
  /** The counts that were requested, in the order of the request. */
  facets: Facet[];
  /** The documents with their passages, if SearchRequest.group_by is set. */
  groups: Group[];
  /** Marks the state of the index that this answer has seen, at least. */
  index_token: string;
  /** The question that was searched. */
  interpreted_query: string;
  /** The time that the question names, if interpret_time is not off. */
  interpreted_time?: TimeRange;
  /** page_token of the next page. */
  next_page_token: string;
  /** The passages, best first. */
  passages: Passage[];
  /** How long each stage took, in the order in which they ended. */
  timings: StageTiming[];
  /** Cosine similarity of the dense arm's best candidate, -1 to 1. */
  top_dense_similarity?: number;
}

/** Span is a half-open range [start, end) of bytes of UTF-8. */
export interface Span {
  /** The byte after the last. */
  end: number;
  /** The first byte. */
  start: number;
}

/** Stage is a step of the read path. */
export type Stage = "UNSPECIFIED" | "EXPAND" | "EMBED" | "STORE" | "FUSE" | "RERANK" | "HYDRATE" | "CONTEXT" | "ARRANGE" | "CONVERSATION";

/** StageTiming is how long one stage took. */
export interface StageTiming {
  /** Wall time within the server. */
  duration?: string;
  /** The stage. */
  stage: Stage;
}

/** StartRebuildRequest says what to do with the new collection. */
export interface StartRebuildRequest {
  /** Activate it when it is complete. */
  activate?: boolean;
}

/** StartRebuildResponse is the operation that was started. */
export interface StartRebuildResponse {
  /** The operation. */
  operation?: Operation;
}

/** An error. */
export interface Status {
  /** The code of gRPC. */
  code: number;
  /** Messages of google.rpc. */
  details: Array<{
    "@type": string;
  }>;
  /** What is wrong, for people. */
  message: string;
}

/** Tenant is one tenant. */
export interface Tenant {
  /** The tenant's name. */
  tenant: string;
}

/** TenantDeletion is the result of DeleteTenant. */
export interface TenantDeletion {
  /** Documents that were deleted, or would be. */
  documents: number;
  /** The tenant's name. */
  tenant: string;
}

/** TenantQuota limits what a tenant may keep. */
export interface TenantQuota {
  /** Largest number of source versions of deleted documents. */
  deleted_versions?: number;
  /** Largest number of documents. */
  documents?: number;
  /** Largest number of passages. */
  passages?: number;
  /** Largest number of bytes of text. */
  text_bytes?: number;
}

/** TenantUsage counts what a tenant keeps. */
export interface TenantUsage {
  /** Source versions of deleted documents that are kept, each for seven days. */
  deleted_versions: number;
  /** Documents, also those that have expired and are not removed yet. */
  documents: number;
  /** Passages. */
  passages: number;
  /** Bytes of text, in UTF-8. */
  text_bytes: number;
}

/** TimeRange is a range of time. */
export interface TimeRange {
  /** The first moment. */
  from?: string;
  /** The first moment after it. */
  until?: string;
}

/** Translation is one expansion of a question's word. */
export interface Translation {
  /** Whether it was found by its sound, as names are, instead of in the lexicon. */
  sound: boolean;
  /** The stem that was searched. */
  term: string;
  /** Its weight relative to the word's own, 0 or more. */
  weight: number;
}

/** Turn is one turn of a conversation. */
export interface Turn {
  /** The ids of the passages that an answer cites. */
  passage_ids?: string[];
  /** The speaker. */
  role: Role;
  /** The text. */
  text?: string;
}

/** UpdateDocumentResponse has the receipt. */
export interface UpdateDocumentResponse {
  /** The receipt. */
  receipt?: Receipt;
}

/** UpsertDocumentRequest carries one document. */
export interface UpsertDocumentRequest {
  /** The document. */
  document: DocumentInput;
  /** The document is written only if the index has it with this etag, which is checked in one step with the write. */
  if_match?: string;
  /** "*". */
  if_none_match?: string;
}

/** UpsertDocumentResponse has the receipt. */
export interface UpsertDocumentResponse {
  /** The receipt. */
  receipt?: Receipt;
}

/** UpsertDocumentsRequest has several documents. */
export interface UpsertDocumentsRequest {
  /** The documents, each with its condition. */
  requests: UpsertDocumentRequest[];
}

/** UpsertDocumentsResponse has the receipts. */
export interface UpsertDocumentsResponse {
  /** One receipt for each request, in the order of the requests. */
  receipts: Receipt[];
}

/** View says which fields of passages are returned. */
export type View = "UNSPECIFIED" | "IDS" | "SNIPPET" | "FULL";

/** WaitOperationRequest names an operation. */
export interface WaitOperationRequest {
  /** The operation's id. */
  operation_id: string;
  /** How long to wait. */
  timeout?: string;
}

/** WaitOperationResponse is the operation, ended or not. */
export interface WaitOperationResponse {
  /** The operation. */
  operation?: Operation;
}

/** The calls by name: the parameters of path and query, the body (never: none), and the answer. */
export interface Calls {
  /** ActivateCollection makes a collection the active one for all servers, in one step. */
  ActivateCollection: { parameters: { "collection": string }; body: ActivateCollectionRequest; answer: ActivateCollectionResponse };
  /** ActivateCollection makes a collection the active one for all servers, in one step. */
  ActivateCollectionPost: { parameters: {}; body: ActivateCollectionRequest; answer: ActivateCollectionResponse };
  /** BatchSearch answers several questions in one call. */
  BatchSearch: { parameters: {}; body: BatchSearchRequest; answer: BatchSearchResponse };
  /** BuildContext finds the passages that answer a question, as Search does, and returns a text for the prompt of a language model. */
  BuildContext: { parameters: {}; body: BuildContextRequest; answer: BuildContextResponse };
  /** CancelOperation asks an operation to end. */
  CancelOperation: { parameters: { "operation_id": string }; body: CancelOperationRequest; answer: CancelOperationResponse };
  /** CheckGrounding says how well passages, texts, or the context of a question support an answer. */
  CheckGrounding: { parameters: {}; body: CheckGroundingRequest; answer: CheckGroundingResponse };
  /** CompareCollections runs the same questions on the active collection and on another one. */
  CompareCollections: { parameters: {}; body: CompareCollectionsRequest; answer: CompareCollectionsResponse };
  /** DeleteDocument removes a document and its passages. */
  DeleteDocument: { parameters: { "document_id": string; "if_match"?: string; "source_version"?: number }; body: never; answer: DeleteDocumentResponse };
  /** DeleteDocuments deletes the documents that a filter keeps, with their passages. */
  DeleteDocuments: { parameters: {}; body: DeleteDocumentsRequest; answer: DeleteDocumentsResponse };
  /** DeleteTenant deletes all documents of a tenant, in batches, and what else the store keeps of it. */
  DeleteTenant: { parameters: { "tenant": string; "validate_only"?: boolean }; body: never; answer: DeleteTenantResponse };
  /** DropCollection deletes a collection. */
  DropCollection: { parameters: { "collection": string; "grace"?: string }; body: never; answer: DropCollectionResponse };
  /** ExplainDocument says where a document is in the answer to a question, or at which step it was left out, with the numbers that decided. */
  ExplainDocument: { parameters: {}; body: ExplainDocumentRequest; answer: ExplainDocumentResponse };
  /** FindSimilar finds passages like a document, a passage or a text, in any language of the index, the most similar first. */
  FindSimilar: { parameters: {}; body: FindSimilarRequest; answer: FindSimilarResponse };
  /** GetDocument reads one document. */
  GetDocument: { parameters: { "document_id": string; "include_text"?: boolean; "text_page_token"?: string; "include_passages"?: boolean; "passage_page_token"?: string }; body: never; answer: GetDocumentResponse };
  /** GetInfo returns versions, model and limits. */
  GetInfo: { parameters: {}; body: never; answer: GetInfoResponse };
  /** GetOperation returns the state and progress of an operation. */
  GetOperation: { parameters: { "operation_id": string }; body: never; answer: GetOperationResponse };
  /** GetPassages reads passages by id, in the order of the request. */
  GetPassages: { parameters: { "passage_ids": string[]; "neighbours"?: number; "page_token"?: string; "view"?: View }; body: never; answer: GetPassagesResponse };
  /** GetStats returns the counts of the index. */
  GetStats: { parameters: {}; body: never; answer: GetStatsResponse };
  /** GetTenantUsage counts what a tenant keeps, and returns its limits. */
  GetTenantUsage: { parameters: { "tenant": string }; body: never; answer: GetTenantUsageResponse };
  /** GetTenantUsage counts what a tenant keeps, and returns its limits. */
  GetTenantUsageGet: { parameters: { "tenant"?: string }; body: never; answer: GetTenantUsageResponse };
  /** ListCollections returns the collections behind the server's name. */
  ListCollections: { parameters: {}; body: never; answer: ListCollectionsResponse };
  /** ListDocuments lists documents without their text, by default in ascending byte order of their ids. */
  ListDocuments: { parameters: { "page_size"?: number; "page_token"?: string; "order"?: DocumentOrder; "descending"?: boolean; "include_total_size"?: boolean }; body: never; answer: ListDocumentsResponse };
  /** ListDocuments lists documents without their text, by default in ascending byte order of their ids. */
  ListDocumentsPost: { parameters: {}; body: ListDocumentsRequest; answer: ListDocumentsResponse };
  /** ListFacets counts the values of fields over the documents of the whole index, for lists of filters and overviews. */
  ListFacets: { parameters: { "fields"?: string[]; "limit"?: number }; body: never; answer: ListFacetsResponse };
  /** ListFacets counts the values of fields over the documents of the whole index, for lists of filters and overviews. */
  ListFacetsPost: { parameters: {}; body: ListFacetsRequest; answer: ListFacetsResponse };
  /** ListFailures lists the documents that this server could not write, in ascending byte order of their ids. */
  ListFailures: { parameters: { "page_size"?: number; "page_token"?: string }; body: never; answer: ListFailuresResponse };
  /** ListOperations returns the caller's operations of this server (an administrator gets all), newest first. */
  ListOperations: { parameters: {}; body: never; answer: ListOperationsResponse };
  /** ListTenants lists the tenants that have documents. */
  ListTenants: { parameters: { "page_size"?: number; "page_token"?: string }; body: never; answer: ListTenantsResponse };
  /** PreviewDocument parses a document and cuts it into passages as a write would do, and returns them with their words and the parser's warnings. */
  PreviewDocument: { parameters: {}; body: PreviewDocumentRequest; answer: PreviewDocumentResponse };
  /** RollbackCollection activates the collection that was active before the current one. */
  RollbackCollection: { parameters: {}; body: RollbackCollectionRequest; answer: RollbackCollectionResponse };
  /** Search finds the passages that answer a question, in any language of the index. */
  Search: { parameters: {}; body: SearchRequest; answer: SearchResponse };
  /** Search finds the passages that answer a question, in any language of the index. */
  SearchGet: { parameters: { "q"?: string; "limit"?: number; "query"?: string; "page_size"?: number; "page_token"?: string; "arms"?: Arm[]; "fusion.method"?: FusionMethod; "fusion.dense_weight"?: number; "fusion.lexical_weight"?: number; "fusion.k"?: number; "min_dense_similarity"?: number; "min_lexical_coverage"?: number; "neighbours"?: number; "rerank"?: boolean; "exact"?: boolean; "effort"?: number; "debug"?: boolean; "prefer_query_language"?: boolean; "view"?: View; "diversity"?: number; "recency.half_life"?: string; "recency.weight"?: number; "group_by.passages_per_document"?: number; "collapse_duplicates"?: boolean; "order_by"?: OrderBy; "query_syntax"?: boolean; "interpret_time"?: boolean; "reference_time"?: string; "min_index_token"?: string }; body: never; answer: SearchResponse };
  /** StartRebuild builds a new collection from the texts in the active one, with the pipeline that the server's configuration file names now. */
  StartRebuild: { parameters: {}; body: StartRebuildRequest; answer: StartRebuildResponse };
  /** UpdateDocument changes fields of a document beside its content. */
  UpdateDocument: { parameters: { "document_id": string; "update_mask"?: string; "if_match"?: string }; body: DocumentInputMembers; answer: UpdateDocumentResponse };
  /** UpsertDocument writes one document. */
  UpsertDocument: { parameters: { "document_id": string; "if_match"?: string; "if_none_match"?: string }; body: DocumentInputMembers; answer: UpsertDocumentResponse };
  /** UpsertDocument writes one document. */
  UpsertDocumentPost: { parameters: { "if_match"?: string; "if_none_match"?: string }; body: DocumentInput; answer: UpsertDocumentResponse };
  /** UpsertDocuments writes several documents with one call, and returns a receipt for each, in the order of the requests. */
  UpsertDocuments: { parameters: {}; body: UpsertDocumentsRequest; answer: UpsertDocumentsResponse };
  /** WaitOperation waits until an operation has ended or the timeout has passed, and returns the operation's state then. */
  WaitOperation: { parameters: { "operation_id": string }; body: WaitOperationRequest; answer: WaitOperationResponse };
}

/** Where the calls are. */
export const routes: { readonly [Name in keyof Calls]: readonly [method: string, path: string] } = {
  ActivateCollection: ["POST", "/v1/collections/{collection}:activate"],
  ActivateCollectionPost: ["POST", "/v1/collections:activate"],
  BatchSearch: ["POST", "/v1/search:batch"],
  BuildContext: ["POST", "/v1/context"],
  CancelOperation: ["POST", "/v1/operations/{operation_id}:cancel"],
  CheckGrounding: ["POST", "/v1/grounding:check"],
  CompareCollections: ["POST", "/v1/collections:compare"],
  DeleteDocument: ["DELETE", "/v1/documents/{document_id}"],
  DeleteDocuments: ["POST", "/v1/documents:delete"],
  DeleteTenant: ["DELETE", "/v1/tenants/{tenant}"],
  DropCollection: ["DELETE", "/v1/collections/{collection}"],
  ExplainDocument: ["POST", "/v1/documents:explain"],
  FindSimilar: ["POST", "/v1/similar"],
  GetDocument: ["GET", "/v1/documents/{document_id}"],
  GetInfo: ["GET", "/v1/info"],
  GetOperation: ["GET", "/v1/operations/{operation_id}"],
  GetPassages: ["GET", "/v1/passages"],
  GetStats: ["GET", "/v1/stats"],
  GetTenantUsage: ["GET", "/v1/tenants/{tenant}/usage"],
  GetTenantUsageGet: ["GET", "/v1/tenants:usage"],
  ListCollections: ["GET", "/v1/collections"],
  ListDocuments: ["GET", "/v1/documents"],
  ListDocumentsPost: ["POST", "/v1/documents:list"],
  ListFacets: ["GET", "/v1/facets"],
  ListFacetsPost: ["POST", "/v1/facets"],
  ListFailures: ["GET", "/v1/failures"],
  ListOperations: ["GET", "/v1/operations"],
  ListTenants: ["GET", "/v1/tenants"],
  PreviewDocument: ["POST", "/v1/documents:preview"],
  RollbackCollection: ["POST", "/v1/collections:rollback"],
  Search: ["POST", "/v1/search"],
  SearchGet: ["GET", "/v1/search"],
  StartRebuild: ["POST", "/v1/collections:rebuild"],
  UpdateDocument: ["PATCH", "/v1/documents/{document_id}"],
  UpsertDocument: ["PUT", "/v1/documents/{document_id}"],
  UpsertDocumentPost: ["POST", "/v1/documents"],
  UpsertDocuments: ["POST", "/v1/documents:batch"],
  WaitOperation: ["POST", "/v1/operations/{operation_id}:wait"],
};
