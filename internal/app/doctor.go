package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strings"
	"time"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/internal/config"
	"dalil/store"
)

// Finding is what one check of the doctor found.
type Finding struct {
	Check  string `json:"check"`
	State  string `json:"state"` // ok, warning, failed
	Detail string `json:"detail"`
	Advice string `json:"advice,omitempty"` // what to do about it
}

// Doctor looks at everything that a healthy service needs: ports, clock, disk,
// the embedder by one real call, the store, and how well its approximate index
// finds what an exact search finds.
func Doctor(ctx context.Context, c config.Config, log *slog.Logger) []Finding {
	d := doctor{ctx: ctx, config: c, log: log}
	d.ports()
	d.limits()
	d.disk()
	d.embedder()
	d.integrity()
	d.store()
	return d.findings
}

type doctor struct {
	ctx      context.Context
	config   config.Config
	log      *slog.Logger
	findings []Finding
}

func (d *doctor) ok(check, detail string, args ...any) {
	d.findings = append(d.findings, Finding{Check: check, State: "ok", Detail: fmt.Sprintf(detail, args...)})
}

func (d *doctor) warn(check, advice, detail string, args ...any) {
	d.findings = append(d.findings, Finding{check, "warning", fmt.Sprintf(detail, args...), advice})
}

func (d *doctor) fail(check, advice string, err error) {
	d.findings = append(d.findings, Finding{check, "failed", err.Error(), advice})
}

// ports: a server may have them already, which is fine.
func (d *doctor) ports() {
	for _, p := range []struct{ key, address string }{{"listen", d.config.Listen}, {"admin", d.config.Admin}} {
		if p.address == "" {
			d.ok("port "+p.key, "switched off")
			continue
		}
		listener, err := net.Listen("tcp", p.address)
		if err == nil {
			listener.Close()
			d.ok("port "+p.key, "%s is free", p.address)
			continue
		}
		if connection, dialErr := net.DialTimeout("tcp", p.address, time.Second); dialErr == nil {
			connection.Close()
			d.warn("port "+p.key, "if that is not this service, choose another address for "+p.key, "%s is in use", p.address)
			continue
		}
		d.fail("port "+p.key, "choose another address for "+p.key, err)
	}
}

// leastFiles is how many files and connections a server should be able to open.
const leastFiles = 4096

func (d *doctor) limits() {
	const check = "limits"
	switch files := openFiles(); {
	case files == 0:
		d.ok(check, "this system does not tell them")
	case files < leastFiles:
		d.warn(check, "raise it: ulimit -n, LimitNOFILE in systemd, ulimits in compose", "%d files and connections may be open at a time; each client takes one", files)
	default:
		d.ok(check, "%d files and connections may be open at a time", files)
	}
}

// leastFree is how much room the data folder should have left, in bytes.
const leastFree = 1 << 30

func (d *doctor) disk() {
	if d.config.Store.Name != "local" {
		return
	}
	free, err := freeBytes(d.config.Data)
	switch {
	case err != nil:
		d.fail("disk", "see that the folder named by data, or the one above it, can be read", err)
	case free < leastFree:
		d.warn("disk", "make room; writes fail when the disk is full, and nothing is lost", "%d MB are free at %s", free>>20, d.config.Data)
	default:
		d.ok("disk", "%d MB are free at %s", free>>20, d.config.Data)
	}
}

// sanity are questions with the passage that answers each.
var sanity = [][2]string{
	{"What is the capital of France?", "Paris is the capital and the largest city of France."},
	{"How do volcanoes erupt?", "A volcano erupts when molten rock rises and breaks through the crust of the earth."},
	{"fish prices at the market", "Fishermen sold their catch at higher prices on the market this morning."},
}

// embedder embeds for real, and looks whether questions are nearer to their own
// passages than to the others: a wrong prefix or a wrong pooling shows there.
func (d *doctor) embedder() {
	const check = "embedder"
	c := d.config
	var err error
	if c.Embedder, err = withPreset(c.Embedder); err != nil {
		d.fail(check, "correct embedder.preset or embedder.dimensions", err)
		return
	}
	opener, err := pick("embedder.name", c.Embedder.Name, embedders)
	if err != nil {
		d.fail(check, "correct embedder.name", err)
		return
	}
	e, err := opener(c)
	err = renamed(err, embedderKey)
	if errors.Is(err, corpus.ErrUnavailable) {
		d.fail(check, "start the server at embedder.url: it tells its model when Dalil starts", err)
		return
	}
	if err != nil {
		d.fail(check, "set what is missing; \"dalil config\" tells every key below embedder", err)
		return
	}
	e = embedder.Checked(e)
	var asked, answers []string
	for _, pair := range sanity {
		asked, answers = append(asked, pair[0]), append(answers, pair[1])
	}
	start := time.Now()
	questions, err := e.Embed(d.ctx, embedder.Query, asked)
	took := time.Since(start)
	if err != nil {
		d.fail(check, embedderAdvice(err), err)
		return
	}
	passages, err := e.Embed(d.ctx, embedder.Passage, answers)
	if err != nil {
		d.fail(check, embedderAdvice(err), err)
		return
	}
	model := e.Model()
	d.ok(check, "%s@%s answers, %d dimensions, %d questions in %v", model.Name, model.Revision, model.Dimensions, len(asked), took.Round(time.Microsecond))
	d.prefixes(questions.Vectors, passages.Vectors)
	d.cuts(e)
}

func (d *doctor) prefixes(questions, passages []corpus.Vector) {
	const check = "embedder prefixes"
	for i, q := range questions {
		best := 0
		for j, p := range passages {
			if cosine(q, p) > cosine(q, passages[best]) {
				best = j
			}
		}
		if best != i {
			d.warn(check, "see embedder.query_prefix and embedder.passage_prefix in the model's card",
				"the question %q is nearer to %q than to its own passage", sanity[i][0], sanity[best][1])
			return
		}
	}
	d.ok(check, "every question is nearest to its own passage")
}

// cuts looks whether the endpoint reads a text to its end: two that differ there
// alone must not have one vector.
func (d *doctor) cuts(e embedder.Embedder) {
	const check = "embedder length"
	limit := e.Model().MaxTokens
	if d.config.Embedder.URL == "" {
		return
	}
	if limit <= 0 {
		limit = 2048
	}
	const end = 32
	words := strings.Repeat("paper ", max(limit*3/4-end, 0))
	answer, err := e.Embed(d.ctx, embedder.Passage, []string{words + strings.Repeat("river ", end), words + strings.Repeat("engine ", end)})
	switch {
	case errors.Is(err, corpus.ErrInvalid):
		d.ok(check, "what is too long is refused")
	case err != nil:
		d.fail(check, embedderAdvice(err), err)
	case cosine(answer.Vectors[0], answer.Vectors[1]) > 0.999999:
		d.warn(check, "set embedder.max_tokens to what the model reads, see its card; passages are cut to fit then",
			"the endpoint cuts: two texts of some %d tokens that differ at the end have one vector", limit*3/4)
	default:
		d.ok(check, "%d words are read to the end", limit*3/4)
	}
}

// embedderAdvice is what to do about a call that failed.
func embedderAdvice(err error) string {
	switch {
	case errors.Is(err, corpus.ErrExhausted):
		return "the provider limits calls: wait, or set embedder.requests_per_minute to what it allows"
	case errors.Is(err, corpus.ErrDenied):
		return "see embedder.key, embedder.model and the path in embedder.url"
	case errors.Is(err, corpus.ErrInvalid):
		return "see embedder.model and embedder.dimensions; the endpoint refuses what it was sent"
	}
	return "see that the endpoint runs at embedder.url; questions are answered by words until it does"
}

func cosine(a, b corpus.Vector) (sum float64) {
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

func (d *doctor) store() {
	const check = "store"
	a, err := OpenReading(d.ctx, d.config, d.log)
	switch {
	case errors.Is(err, corpus.ErrNotReady):
		d.warn(check, "dalil index PATH", "%v", err)
		return
	case errors.Is(err, corpus.ErrLocked):
		d.warn(check, "stop the server to have its store looked at, or ask it: dalil health", "%v", err)
		return
	case errors.Is(err, corpus.ErrModelMismatch):
		d.fail(check, "configure the pipeline that built the collection, or build a new one: dalil index --rebuild", err)
		return
	case errors.Is(err, errOpenEmbedder):
		d.warn(check, "see to the embedder first", "not looked at: it is opened for a model, which does not answer")
		return
	case d.config.Store.Name == "local" && (errors.Is(err, corpus.ErrCorrupt) || errors.Is(err, corpus.ErrMissing)):
		d.fail(check, "dalil doctor --repair lists what the data folder holds; dalil restore brings back a backup", err)
		return
	case err != nil:
		d.fail(check, storeAdvice(err), err)
		return
	}
	defer a.Close()
	g, err := a.generation.pin()
	if err != nil {
		d.fail(check, "", err)
		return
	}
	defer g.release()
	if changed := g.changed.Load(); changed != nil {
		d.fail("model", "restore the model and its prefixes, or build a new collection: dalil index --rebuild", *changed)
	}
	if err := g.store.Ready(d.ctx); err != nil {
		d.fail(check, storeAdvice(err), err)
		return
	}
	settings, err := g.store.Settings(d.ctx)
	if errors.Is(err, corpus.ErrNotReady) {
		d.warn(check, "dalil index PATH", "%s is open and empty", d.config.Store.Name)
		return
	}
	if err != nil {
		d.fail(check, "", err)
		return
	}
	stats, err := g.store.Stats(d.ctx)
	if err != nil {
		d.fail(check, "see the store's own log", err)
		return
	}
	d.ok(check, "%s, collection %s: %d documents, %d passages", d.config.Store.Name, g.collection(), stats.Documents, stats.Passages)
	if ahead := time.Until(stats.UpdatedAt); ahead > 5*time.Second {
		d.warn("clock", "set the clocks of this machine and of those that write; newer writes win by their time", "the newest write lies %v in the future", ahead.Round(time.Second))
	} else {
		d.ok("clock", "no write lies in the future")
	}
	d.whole(g)
	d.length(g, settings, stats)
	d.recall(g)
}

// storeAdvice says what to do about a store that can't be opened or is not ready.
func storeAdvice(err error) string {
	switch corpus.KindOf(err) {
	case corpus.ErrUnavailable:
		return "see that the store runs at store.address, and that store.tls is as the server's"
	case corpus.ErrDenied:
		return "give the key that the server asks for: store.key"
	case corpus.ErrMissing:
		return "let the alias point to a collection again: dalil reindex status, dalil reindex activate NAME"
	case corpus.ErrUnsupported:
		return "upgrade Qdrant, one minor version at a time"
	case corpus.ErrModelMismatch:
		return "configure the pipeline that built the collection, or build a new one: dalil index --rebuild"
	case corpus.ErrRefusedState:
		return "do as the error says"
	case corpus.ErrExhausted:
		return "make room: drop old collections with dalil reindex drop, or enlarge the disk"
	}
	return "see the keys below store in \"dalil config\", and the store's own log"
}

// incompleteMost is how many incomplete documents are named.
const incompleteMost = 10

// whole looks for documents of which passages are gone, where the store can tell.
func (d *doctor) whole(g *generation) {
	const check = "passages"
	counted, able := g.opened.(store.Counted)
	if !able {
		return
	}
	ids, err := counted.Incomplete(d.ctx, incompleteMost)
	switch {
	case err != nil:
		d.fail(check, storeAdvice(err), err)
	case len(ids) > 0:
		d.fail(check, "dalil index PATH writes such documents anew, from the files that they came from", fmt.Errorf("passages are gone of %d documents or more, such as %q", len(ids), ids[0]))
	default:
		d.ok(check, "every document has all of its passages")
	}
}

// length compares the passages' mean length with the one that was fixed when the
// collection was made.
func (d *doctor) length(g *generation, settings store.Settings, stats corpus.Stats) {
	const check = "average length"
	points, err := sample(d.ctx, g.store, 500, store.WithText|store.WithDocument)
	if err != nil {
		d.fail(check, "", err)
		return
	}
	if len(points) == 0 {
		return
	}
	terms := 0
	measure := g.encoder(settings.AverageLength)
	for _, p := range points {
		terms += measure.Length(p.Document.Title, p.Chunk.Text)
	}
	mean := float64(terms) / float64(len(points))
	if ratio := mean / settings.AverageLength; ratio > 2 || ratio < 0.5 {
		d.warn(check, fmt.Sprintf("set index.average_length to %.0f and run dalil index --rebuild; until then the word scores of long and short passages compare badly", mean),
			"passages have %.0f terms in the mean, the collection assumes %.0f", mean, settings.AverageLength)
		return
	}
	d.ok(check, "passages have %.0f terms in the mean, the collection assumes %.0f", mean, settings.AverageLength)
}

// recallSample is how many passages are searched for.
const recallSample = 100

// recall compares the approximate search with the exact one, with the vectors of
// passages that are there.
func (d *doctor) recall(g *generation) {
	const check = "recall"
	if _, approximate := g.opened.(interface{ Approximate() corpus.Approximate }); !approximate {
		d.ok(check, "the store searches exactly")
		return
	}
	points, err := sample(d.ctx, g.store, recallSample, store.WithDense)
	if err != nil {
		d.fail(check, "", err)
		return
	}
	found, wanted := 0, 0
	for _, p := range points {
		near, err := g.store.Search(d.ctx, []store.Arm{{Dense: p.Dense, Limit: 10}, {Dense: p.Dense, Limit: 10, Exact: true}})
		if err != nil {
			d.fail(check, "see the store's own log", err)
			return
		}
		for _, h := range near[1] {
			wanted++
			if slices.ContainsFunc(near[0], func(o store.Hit) bool { return o.ID == h.ID }) {
				found++
			}
		}
	}
	if wanted == 0 {
		return
	}
	share := float64(found) / float64(wanted)
	if share < 0.98 {
		d.warn(check, "raise store.effort, or rebuild with a larger store.m", "the approximate search finds %.1f %% of the ten nearest passages, of %d questions", 100*share, len(points))
		return
	}
	d.ok(check, "the approximate search finds %.1f %% of the ten nearest passages, of %d questions", 100*share, len(points))
}

// sample reads up to n passages, each the first of a document, spread over the
// first ten thousand documents.
func sample(ctx context.Context, s store.Reader, n int, with store.Fields) ([]store.Point, error) {
	var ids []corpus.ChunkID
	done := errors.New("enough")
	seen := 0
	err := each(ctx, s, func(info store.DocumentInfo) error {
		if info.Chunks > 0 {
			ids = append(ids, corpus.NewChunkID(info.Document.ID, info.Revision, info.Chunks/2))
		}
		if seen++; seen == 10_000 {
			return done
		}
		return nil
	})
	if err != nil && !errors.Is(err, done) {
		return nil, err
	}
	step := max(1, len(ids)/n)
	var some []corpus.ChunkID
	for i := 0; i < len(ids) && len(some) < n; i += step {
		some = append(some, ids[i])
	}
	return s.Chunks(ctx, some, with)
}
