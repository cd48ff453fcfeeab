package observe

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"dalil/corpus"
	"dalil/store"
)

type storeMetrics struct {
	duration map[string]prometheus.Observer
	errors   *prometheus.CounterVec
	steps    map[store.Step]prometheus.Observer
	failed   *prometheus.CounterVec
}

var storeOperations = []string{
	"search", "chunks", "profiles", "vocabulary", "settings", "documents", "document", "fingerprints", "versions", "expired", "stats", "create", "put", "edit", "delete",
}

func newStoreMetrics(r prometheus.Registerer) *storeMetrics {
	duration := histogram(r, "dalil_store_operation_duration_seconds", "Time of one call of the store.", seconds, "operation")
	m := &storeMetrics{
		duration: map[string]prometheus.Observer{}, steps: map[store.Step]prometheus.Observer{},
		errors: counter(r, "dalil_store_operation_errors_total", "Calls of the store that failed, by the kind of failure.", "operation", "reason"),
		failed: counter(r, "dalil_store_merge_failures_total", "Merges in the background that failed, by the kind of failure.", "reason"),
	}
	steps := histogram(r, "dalil_store_step_duration_seconds", "Time of one step by which the embedded store brings writes into its index.", seconds, "step")
	for _, step := range store.Steps() {
		m.steps[step] = steps.WithLabelValues(string(step))
	}
	for _, name := range reasons() {
		m.failed.WithLabelValues(name)
	}
	for _, operation := range storeOperations {
		m.duration[operation] = duration.WithLabelValues(operation)
		for _, name := range reasons() {
			m.errors.WithLabelValues(operation, name)
		}
	}
	return m
}

func (m *storeMetrics) end(ctx context.Context, operation string, start time.Time, err error) {
	m.duration[operation].Observe(time.Since(start).Seconds())
	if err != nil {
		m.errors.WithLabelValues(operation, reason(ctx, err)).Inc()
	}
}

// step records one step of an embedded store.
func (m *storeMetrics) step(step store.Step, took time.Duration, err error) {
	m.steps[step].Observe(took.Seconds())
	if step == store.StepMergeLarge && err != nil {
		m.failed.WithLabelValues(reason(context.Background(), err)).Inc()
	}
}

// Store measures the calls of s, and the steps of its writes if it reports them. From
// then on, the gauges of the index show the size of s, because the store that was wrapped
// last is the one that answers.
func (m *Metrics) Store(s store.Store) store.Store {
	o := &observedStore{s, m.store}
	m.index.watch(o)
	if reporter := store.StepReporterOf(s); reporter != nil {
		reporter.ReportSteps(m.store.step)
	}
	if keeper := store.ProfileKeeperOf(s); keeper != nil {
		return &observedKeeper{o, keeper}
	}
	return o
}

// observedKeeper is an observedStore that keeps profiles.
type observedKeeper struct {
	*observedStore
	keeper store.ProfileKeeper
}

func (o *observedKeeper) KeepProfiles(p store.Profiler) { o.keeper.KeepProfiles(p) }

func (o *observedKeeper) Profiles(ctx context.Context, ids []corpus.ChunkID, to *store.Profiles) (err error) {
	defer func(start time.Time) { o.metrics.end(ctx, "profiles", start, err) }(time.Now())
	return o.keeper.Profiles(ctx, ids, to)
}

// observedStore measures all calls except Ready and Close.
type observedStore struct {
	store.Store
	metrics *storeMetrics
}

// Unwrap returns the store that is measured, for abilities that are not measured.
func (o *observedStore) Unwrap() store.Store { return o.Store }

func (o *observedStore) Search(ctx context.Context, arms []store.ArmQuery) (hits [][]store.Hit, err error) {
	defer func(start time.Time) { o.metrics.end(ctx, "search", start, err) }(time.Now())
	return o.Store.Search(ctx, arms)
}

func (o *observedStore) Chunks(ctx context.Context, ids []corpus.ChunkID, with store.Fields) (points []store.Point, err error) {
	defer func(start time.Time) { o.metrics.end(ctx, "chunks", start, err) }(time.Now())
	return o.Store.Chunks(ctx, ids, with)
}

func (o *observedStore) Vocabulary(ctx context.Context) (v store.Vocabulary, err error) {
	defer func(start time.Time) { o.metrics.end(ctx, "vocabulary", start, err) }(time.Now())
	return o.Store.Vocabulary(ctx)
}

func (o *observedStore) Settings(ctx context.Context) (s store.Settings, err error) {
	defer func(start time.Time) { o.metrics.end(ctx, "settings", start, err) }(time.Now())
	return o.Store.Settings(ctx)
}

func (o *observedStore) Documents(ctx context.Context, after string, limit int) (page []store.Record, err error) {
	defer func(start time.Time) { o.metrics.end(ctx, "documents", start, err) }(time.Now())
	return o.Store.Documents(ctx, after, limit)
}

func (o *observedStore) Document(ctx context.Context, id string) (d store.Record, err error) {
	defer func(start time.Time) { o.metrics.end(ctx, "document", start, err) }(time.Now())
	return o.Store.Document(ctx, id)
}

func (o *observedStore) Fingerprints(ctx context.Context, ids []string) (f map[string]string, err error) {
	defer func(start time.Time) { o.metrics.end(ctx, "fingerprints", start, err) }(time.Now())
	return o.Store.Fingerprints(ctx, ids)
}

func (o *observedStore) Versions(ctx context.Context, ids []string) (versions map[string]int64, err error) {
	defer func(start time.Time) { o.metrics.end(ctx, "versions", start, err) }(time.Now())
	return o.Store.Versions(ctx, ids)
}

func (o *observedStore) Expired(ctx context.Context, limit int) (ids []string, err error) {
	defer func(start time.Time) { o.metrics.end(ctx, "expired", start, err) }(time.Now())
	return o.Store.Expired(ctx, limit)
}

func (o *observedStore) Stats(ctx context.Context) (s corpus.Stats, err error) {
	defer func(start time.Time) { o.metrics.end(ctx, "stats", start, err) }(time.Now())
	return o.Store.Stats(ctx)
}

func (o *observedStore) Create(ctx context.Context, settings store.Settings) (held store.Settings, err error) {
	defer func(start time.Time) { o.metrics.end(ctx, "create", start, err) }(time.Now())
	return o.Store.Create(ctx, settings)
}

func (o *observedStore) Put(ctx context.Context, entries []store.Entry) (err error) {
	defer func(start time.Time) { o.metrics.end(ctx, "put", start, err) }(time.Now())
	return o.Store.Put(ctx, entries)
}

// Edit edits a document, with the fallback if the store is no editor.
func (o *observedStore) Edit(ctx context.Context, e store.Edit) (err error) {
	defer func(start time.Time) { o.metrics.end(ctx, "edit", start, err) }(time.Now())
	return store.EditDocument(ctx, o.Store, e)
}

func (o *observedStore) Delete(ctx context.Context, documentIDs []string) (err error) {
	defer func(start time.Time) { o.metrics.end(ctx, "delete", start, err) }(time.Now())
	return o.Store.Delete(ctx, documentIDs)
}

func (o *observedStore) DeleteIf(ctx context.Context, deletions []corpus.Deletion) (err error) {
	defer func(start time.Time) { o.metrics.end(ctx, "delete", start, err) }(time.Now())
	return o.Store.DeleteIf(ctx, deletions)
}
