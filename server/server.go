// Package server answers the wire of proto/dalil/v1 over gRPC. It translates
// messages into the types of package corpus, calls the functions of [Deps], and
// translates the results back. Start with [New] and [Server.Serve]; chain.go lists
// what every call passes through.
package server

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
	"google.golang.org/grpc"

	"dalil/access"
	"dalil/access/rates"
	"dalil/audit"
	"dalil/corpus"
	"dalil/fair"
)

// Searcher is the read path.
type Searcher interface {
	// Search answers one question.
	Search(ctx context.Context, q corpus.Query) (corpus.Answer, error)
	// SearchAll answers several questions, as Search does, and embeds them together.
	// report gets the answer or the error of each by its place in queries. Its calls
	// do not overlap, and their order is not defined. SearchAll returns an error if it
	// answered none.
	SearchAll(ctx context.Context, queries []corpus.Query, report func(i int, a corpus.Answer, err error)) error
	// Passages reads passages by id, in the order of ids, with up to neighbours
	// chunks on each side. Ids that no longer exist are left out.
	Passages(ctx context.Context, ids []corpus.ChunkID, neighbours int, view corpus.View) ([]corpus.Passage, error)
	// Similar finds passages like a document, a passage or a text. Its error is
	// corpus.ErrNotFound if there is no such document or passage.
	Similar(ctx context.Context, q corpus.SimilarQuery) (corpus.Answer, error)
	// Explain says where a document is in the answer to a question, or why it is not
	// in it.
	Explain(ctx context.Context, q corpus.Query, documentID string) (corpus.Explained, error)
}

// Contexts makes contexts for language models.
type Contexts interface {
	// BuildContext chooses and renders the passages that answer one question.
	BuildContext(ctx context.Context, q corpus.ContextQuery) (corpus.ContextAnswer, error)
}

// Claims checks answers.
type Claims interface {
	// CheckClaims compares each sentence of an answer with the sources. It never
	// fails for what they say.
	CheckClaims(ctx context.Context, answer string, sources []corpus.Source) (corpus.Grounding, error)
}

// Ingester is the write path.
type Ingester interface {
	// Ingest writes the documents that arrive on raws until it is closed, and
	// reports one receipt for each. i is the document's place in the order of
	// arrival. Calls of report do not overlap; receipts may be in any order. A bad
	// document gets a receipt. An error means that documents without a receipt may
	// or may not have been written. When ctx ends, Ingest returns soon.
	Ingest(ctx context.Context, raws <-chan corpus.Raw, report func(i int, r corpus.Receipt)) error
}

// Documents reads, lists and deletes documents of the index.
type Documents interface {
	// Document returns a document, or corpus.ErrNotFound: there is none, or it has expired.
	Document(ctx context.Context, id string, withText bool) (corpus.DocumentInfo, error)
	// Parts reads the passages [from, to) of a document as it was described, in order.
	// Those that are no longer there are left out.
	Parts(ctx context.Context, info corpus.DocumentInfo, from, to int) ([]corpus.Chunk, error)
	// List returns one page of a list of documents, without texts.
	List(ctx context.Context, l corpus.Listing) (corpus.Listed, error)
	// Update changes fields of a document. The receipt is indexed, unchanged or stale.
	Update(ctx context.Context, u corpus.Update) (corpus.Receipt, error)
	// Delete deletes a document. Deleting a document that does not exist succeeds, unless
	// the condition says that it must. The receipt is deleted or stale.
	Delete(ctx context.Context, d corpus.Deletion) (corpus.Receipt, error)
	// Erase deletes the documents that a filter keeps; the zero filter keeps all. With
	// dryRun it only counts them.
	Erase(ctx context.Context, f corpus.Filter, dryRun bool, progress func(corpus.Progress)) (corpus.Erased, error)
	// Facets counts the values of fields over the documents that a filter keeps, and these
	// documents.
	Facets(ctx context.Context, f corpus.Filter, requests []corpus.FacetRequest) (facets []corpus.Facet, total int, err error)
	// Mark returns the newest state of the index.
	Mark() corpus.Mark
}

// Failures keeps the documents that this server could not write.
type Failures interface {
	// Note keeps a failure, whose id is the key of the document. It counts the tries of a
	// document that it has.
	Note(f corpus.DocumentFailure)
	// Clear removes a document by its key. With by it removes only a failure of that
	// credential.
	Clear(key, by string)
	// Erase removes the failures of a tenant.
	Erase(tenant string)
	// List returns at most limit failures of a tenant after the given id, in ascending order
	// of ids, and the number of all of the tenant; with by those of that credential. The
	// failures have ids, not keys.
	List(tenant, by, after string, limit int) (page []corpus.DocumentFailure, total int)
}

// Admin describes the service.
type Admin interface {
	// Info makes no call and never fails. The server adds its Limits.
	Info() corpus.Info
	Stats(ctx context.Context) (corpus.Stats, error)
	// Ready returns nil if questions can be answered, otherwise the reason.
	Ready(ctx context.Context) error
}

// Backups writes archives of the index.
type Backups interface {
	// Backup writes a complete archive, or returns an error.
	Backup(ctx context.Context, w io.Writer) error
}

// Deps has the interfaces that the server calls. All but Contexts, Claims, Previews,
// Failures, Backups and Tenants are required. Without these, BuildContext,
// CheckGrounding, PreviewDocument, ListFailures, CreateBackup and the calls about
// tenants return UNIMPLEMENTED.
type Deps struct {
	Searcher    Searcher
	Contexts    Contexts
	Claims      Claims
	Ingester    Ingester
	Previews    Previews
	Documents   Documents
	Failures    Failures
	Admin       Admin
	Collections Collections
	Backups     Backups
	Tenants     Tenants
}

// Options has the settings of a Server. The zero value works.
type Options struct {
	Limits corpus.Limits // zero fields: DefaultLimits

	DefaultTimeout time.Duration // timeout of a unary call whose caller sets no deadline; 0: 30 s
	MaxTimeout     time.Duration // longest timeout of a unary call; 0: 5 min
	StallTimeout   time.Duration // how long a stream waits for its client; 0: 2 min
	Drain          time.Duration // how long running calls may take after Serve's context has ended; 0: 15 s
	ReadyEvery     time.Duration // how often the health service calls Admin.Ready; 0: 1 s

	IngestWindow int   // largest number of unacknowledged documents of one stream; 0: 256
	IngestBytes  int64 // largest number of bytes of documents in the write path, all streams together; 0: 256 MiB
	MessageBytes int64 // largest number of bytes of documents that are being read and inflated, all calls together; 0: 128 MiB
	Calls        int   // largest number of running calls, all connections together; 0: 4096

	// MemoryLimit is how many bytes of memory the process may use; 0: no limit. Near
	// it, calls are refused with RESOURCE_EXHAUSTED and a retry delay: searches
	// first, writes later, health and administration never.
	MemoryLimit int64
	MemoryUsed  func() int64 // bytes in use; nil: as the Go runtime reports

	// Authenticator finds out who makes a call; nil: every caller is the operator.
	Authenticator access.Authenticator
	// TokenKey is the secret with which page tokens are bound to their callers. Servers with
	// one key accept each other's. Empty: the server makes one, if it has an Authenticator.
	TokenKey []byte
	// RecheckEvery is how often the credential of a running stream is checked; 0: 5 s.
	RecheckEvery time.Duration
	// TLS secures the listener; nil: it is plaintext.
	TLS *tls.Config
	// AllowPlaintext and AllowAnonymous allow a listener beyond loopback without TLS
	// and without an Authenticator; see [Guard].
	AllowPlaintext, AllowAnonymous bool
	// Reflection turns gRPC reflection on, for every caller, or off; nil: on loopback
	// only, for callers that may search.
	Reflection *bool

	// Rates limits what each caller may do; nil: nothing is limited.
	Rates *rates.Table
	// Searches is how many searches run at once; others wait, and places go to the
	// callers in turn. With an Authenticator, one caller gets at most half, a quarter while another one asks. 0: any number.
	Searches int
	// Audit records writes, calls of administrators and refusals; nil: nothing does.
	Audit *audit.Log
	// AuditUser is the user of the operating system who runs a server that only this
	// process reaches; "": others reach it.
	AuditUser string
	// AuditRequired refuses writes and changes while Audit cannot be written.
	AuditRequired bool
	// Refused gets every refused call. nil: none.
	Refused func(Refusal)

	Log *slog.Logger // nil: nothing is logged
	// ObserveUnary and ObserveStream are the outermost interceptors. They get every
	// call and its final status.
	ObserveUnary  grpc.UnaryServerInterceptor
	ObserveStream grpc.StreamServerInterceptor
}

// DefaultLimits returns the limits of a server that sets none.
func DefaultLimits() corpus.Limits {
	return corpus.Limits{
		QueryBytes: 4 << 10, PageSize: 100, DocumentBytes: corpus.MaxDocumentBytes, MetadataBytes: corpus.MaxMetadataBytes,
		FilterClauses: 256, FilterBytes: 32 << 10, Neighbours: corpus.MaxNeighbours, DocumentIDBytes: corpus.MaxIDBytes,
		ContextTokens: corpus.MaxContextTokens, HistoryTurns: 64, HistoryBytes: 32 << 10,
		AnswerBytes: corpus.MaxAnswerBytes, GroundingBytes: corpus.MaxSourceBytes, SimilarBytes: corpus.MaxSimilarBytes,
		Batch: 64,
	}
}

// Server implements the services of the wire. It has no connections itself: each
// [Server.Serve] has its own.
type Server struct {
	deps    Deps
	options Options
	budget  *semaphore.Weighted // bytes of documents in the write path
	// Bytes of messages that are being read and inflated. Documents and questions
	// have separate budgets, so that questions do not wait for documents.
	messages, questions *semaphore.Weighted
	calls               atomic.Int64
	memory              memory
	crowd               crowd
	strangers           strangers
	places              *fair.Queue     // for searches; nil: any number
	failures            *rates.Failures // wrong credentials by address
	refusals            *rates.Failures // calls beyond the limits of a caller
	callers             sync.Map        // of requests that gateways of this process serve: id → Caller
}

// New returns a Server that calls deps.
func New(deps Deps, options Options) *Server {
	limits := DefaultLimits()
	fill(&options.Limits.QueryBytes, limits.QueryBytes)
	fill(&options.Limits.PageSize, limits.PageSize)
	fill(&options.Limits.DocumentBytes, limits.DocumentBytes)
	fill(&options.Limits.MetadataBytes, limits.MetadataBytes)
	fill(&options.Limits.FilterClauses, limits.FilterClauses)
	fill(&options.Limits.FilterBytes, limits.FilterBytes)
	fill(&options.Limits.Neighbours, limits.Neighbours)
	fill(&options.Limits.DocumentIDBytes, limits.DocumentIDBytes)
	fill(&options.Limits.ContextTokens, limits.ContextTokens)
	fill(&options.Limits.HistoryTurns, limits.HistoryTurns)
	fill(&options.Limits.HistoryBytes, limits.HistoryBytes)
	fill(&options.Limits.AnswerBytes, limits.AnswerBytes)
	fill(&options.Limits.GroundingBytes, limits.GroundingBytes)
	fill(&options.Limits.Batch, limits.Batch)
	fill(&options.Limits.SimilarBytes, limits.SimilarBytes)
	fill(&options.DefaultTimeout, 30*time.Second)
	fill(&options.MaxTimeout, 5*time.Minute)
	fill(&options.StallTimeout, 2*time.Minute)
	fill(&options.Drain, 15*time.Second)
	fill(&options.ReadyEvery, time.Second)
	fill(&options.RecheckEvery, 5*time.Second)
	fill(&options.IngestWindow, 256)
	fill(&options.IngestBytes, scaled(256<<20, options.MemoryLimit))
	fill(&options.MessageBytes, scaled(128<<20, options.MemoryLimit))
	fill(&options.Calls, 4096)
	if options.Authenticator != nil && len(options.TokenKey) == 0 {
		options.TokenKey = make([]byte, 32)
		_, _ = rand.Read(options.TokenKey) // it never fails
	}
	if options.MemoryUsed == nil {
		options.MemoryUsed = liveBytes
	}
	if options.Refused == nil {
		options.Refused = func(Refusal) {}
	}
	if options.Log == nil {
		options.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	return &Server{
		deps: deps, options: options, budget: semaphore.NewWeighted(options.IngestBytes),
		messages: semaphore.NewWeighted(options.MessageBytes), questions: semaphore.NewWeighted(questionBytes),
		memory: memory{limit: options.MemoryLimit, used: options.MemoryUsed},
		places: placesOf(&options), failures: rates.NewFailures(), refusals: rates.NewRefusals(),
	}
}

// questionBytes is the budget for inflated questions, all calls together.
const questionBytes = 32 << 20

// scaled returns the budget, or an eighth of the memory limit if that is less.
func scaled(bytes, limit int64) int64 {
	if limit > 0 {
		return min(bytes, max(limit/8, 1<<20))
	}
	return bytes
}

func fill[T int | int64 | time.Duration](field *T, otherwise T) {
	if *field <= 0 {
		*field = otherwise
	}
}

// messageBytes is the largest message that the server reads. A larger one ends its
// call or stream. A document that is too large, but in a smaller message than this,
// fails alone with its receipt.
func (s *Server) messageBytes() int {
	return 2*s.options.Limits.DocumentBytes + s.options.Limits.MetadataBytes + 64<<10
}
