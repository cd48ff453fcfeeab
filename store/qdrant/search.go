package qdrant

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"
	"golang.org/x/sync/errgroup"

	"dalil/corpus"
	"dalil/store"
)

// Search runs all arms in one batch that returns only ids and scores. Then it
// checks the passages against the manifests of their documents. It uses manifests
// that were read earlier, unless the journal names a change. If a document was
// replaced meanwhile, or if remains and ties filled the list, it searches again for
// more. It never returns a shortened list as complete. A second batch scores what only
// other arms found.
func (s *Store) Search(ctx context.Context, arms []store.ArmQuery) ([][]store.Hit, error) {
	for i := range arms {
		if err := arms[i].Check(s.options.Pipeline.Dimensions); err != nil {
			return nil, fmt.Errorf("arm %d: %w", i, err)
		}
	}
	found, err := s.search(ctx, arms)
	if err == nil {
		err = store.ScoreUnion(arms, found, func(named []store.ArmQuery) ([][]store.Hit, error) { return s.search(ctx, named) })
	}
	if err != nil {
		return nil, err
	}
	return found, nil
}

func (s *Store) search(ctx context.Context, arms []store.ArmQuery) ([][]store.Hit, error) {
	found := make([][]store.Hit, len(arms))
	name, err := s.at(ctx, s.asking())
	if err != nil || name == "" {
		return found, err
	}
	s.question()
	now := s.clock.now()
	searches, err := s.plan(arms, name, now)
	if err != nil || len(searches) == 0 {
		return found, err
	}
	for attempt := range attempts {
		begun := s.settled.begin()
		recent, err := s.ask(ctx, name, searches)
		if err != nil {
			return nil, err
		}
		held, err := s.judges(ctx, name, searches, recent)
		if err != nil {
			return nil, err
		}
		settled := true
		for _, a := range searches {
			settled = a.judge(held, &s.settled, begun, attempt == 0, now) && settled
		}
		s.settled.saw(held)
		for _, a := range searches {
			if a.mixed {
				s.shared.Store(true)
			}
			if a.hidden && !s.hiding.Swap(true) {
				s.options.Log.Debug("some documents are not visible; queries leave them out from now on", "collection", name)
			}
		}
		if settled {
			for _, a := range searches {
				found[a.index] = a.hits
			}
			return found, nil
		}
	}
	return nil, fmt.Errorf("%w: the documents found were replaced faster than they could be read, %d times", corpus.ErrConflict, attempts)
}

// attempts is how often a search is repeated.
const attempts = 24

// armSearch is the search of one arm.
type armSearch struct {
	index int
	arm   *store.ArmQuery
	query *sdk.QueryPoints
	found []*sdk.ScoredPoint
	ids   []corpus.ChunkID // of found
	asked int              // number of found points, including those of other programs
	hits  []store.Hit

	tenant string
	bound  bool // only documents of the tenant are hits
	open   bool // the query has no condition for it, because no named tenant is known

	filtered bool // the query leaves out what is not visible
	hidden   bool // it found what is not visible
	mixed    bool // it found documents of other tenants
}

// slack is how many more hits than the limit a search requests, to detect ties at
// the limit and as a reserve for hits that are dropped.
const slack = 4

func (s *Store) plan(arms []store.ArmQuery, collection string, now time.Time) ([]*armSearch, error) {
	var searches []*armSearch
	for i := range arms {
		a := &arms[i]
		if a.Limit == 0 || a.Dense == nil && a.Sparse.Len() == 0 || a.IDs != nil && len(a.IDs) == 0 {
			continue
		}
		tenant, rest, bound := tenantOf(a.Filter)
		filter, leave := filterOf(a.Filter), bound && tenant == "" && !s.shared.Load()
		if leave {
			filter = filterOf(rest)
		}
		q := &sdk.QueryPoints{
			CollectionName: collection, Filter: filter, Limit: sdk.PtrOf(uint64(a.Limit + slack)), WithPayload: sdk.NewWithPayload(false),
		}
		if a.IDs != nil {
			q.Limit = sdk.PtrOf(uint64(len(a.IDs)))
			q.Filter = &sdk.Filter{Must: []*sdk.Condition{sdk.NewHasID(pointIDs(a.IDs)...)}}
			if filter != nil {
				q.Filter.Must = append(q.Filter.Must, filter.Must...)
			}
		}
		if a.Dense != nil {
			q.Using, q.Query, q.Params = sdk.PtrOf(denseVector), sdk.NewQueryDense(a.Dense), s.params(a)
		} else {
			q.Using, q.Query = sdk.PtrOf(lexicalVector), sdk.NewQuerySparse(a.Sparse.Dimensions, a.Sparse.Weights)
			if bound && !leave { // servers before 1.19 ignore it
				q.Params = &sdk.SearchParams{Idf: &sdk.IdfParams{Corpus: must(ofTenant(tenant))}}
			}
		}
		one := &armSearch{index: i, arm: a, query: q, tenant: tenant, bound: bound, open: leave}
		if s.hiding.Load() {
			one.leaveOut(now)
		}
		searches = append(searches, one)
	}
	return searches, nil
}

// leaveOut lets the query leave out what is not visible.
func (a *armSearch) leaveOut(now time.Time) {
	if !a.filtered {
		a.query.Filter, a.filtered = leaveOut(a.query.Filter, now), true
	}
}

// close lets the query find documents of its tenant only.
func (a *armSearch) close() {
	a.open = false
	q := a.query
	q.Filter = &sdk.Filter{Must: append(slices.Clone(q.GetFilter().GetMust()), ofTenant(a.tenant)), Should: q.GetFilter().GetShould(), MustNot: q.GetFilter().GetMustNot()}
	if a.arm.Dense == nil {
		q.Params = &sdk.SearchParams{Idf: &sdk.IdfParams{Corpus: must(ofTenant(a.tenant))}}
	}
}

func (s *Store) params(a *store.ArmQuery) *sdk.SearchParams {
	if a.Exact || a.IDs != nil {
		return &sdk.SearchParams{Exact: sdk.PtrOf(true)}
	}
	return s.approximate(a.Effort)
}

// approximate returns the parameters of a search with the graph; effort 0 means the store's
// default.
func (s *Store) approximate(effort int) *sdk.SearchParams {
	return &sdk.SearchParams{
		HnswEf:       sdk.PtrOf(uint64(cmp.Or(max(effort, 0), s.options.Effort))),
		Quantization: &sdk.QuantizationSearchParams{Rescore: sdk.PtrOf(true), Oversampling: &s.options.Oversampling},
	}
}

// Approximate returns the settings of the dense arm's approximate search.
func (s *Store) Approximate() corpus.Approximate {
	return corpus.Approximate{Effort: s.options.Effort, Oversampling: s.options.Oversampling}
}

func (s *Store) query(ctx context.Context, collection string, searches []*armSearch) error {
	request := &sdk.QueryBatchPoints{CollectionName: collection}
	for _, a := range searches {
		request.QueryPoints = append(request.QueryPoints, a.query)
	}
	var results []*sdk.BatchResult
	err := s.read(ctx, fmt.Sprintf("query %d arms", len(searches)), func(ctx context.Context) (err error) {
		results, err = s.client.QueryBatch(ctx, request)
		return err
	})
	if err != nil {
		return err
	}
	if len(results) != len(searches) {
		return fmt.Errorf("%w: Qdrant answered %d of %d arms", corpus.ErrUnavailable, len(results), len(searches))
	}
	for i, a := range searches {
		if a.arm.IDs == nil {
			s.deepest.Store(max(s.deepest.Load(), int64(min(a.arm.Limit+slack, deepest))))
		}
		a.found = results[i].GetResult()
		a.asked = len(a.found)
		s.ours(a)
	}
	return nil
}

// ours drops the points that another program wrote to the collection. Their ids are
// not UUIDs, or no manifest names them (see judge).
func (s *Store) ours(a *armSearch) {
	kept := a.found[:0]
	a.ids = make([]corpus.ChunkID, 0, len(a.found))
	for _, p := range a.found {
		id, err := chunkID(p.GetId())
		if err != nil {
			s.foreign.Do(func() {
				s.options.Log.Warn("the collection holds points that Dalil did not write; they are left out of answers and slow down searches", "collection", a.query.GetCollectionName(), "point", p.GetId().String())
			})
			continue
		}
		kept, a.ids = append(kept, p), append(a.ids, id)
	}
	a.found = kept
}

// ask sends the query and reads the journal at the same time. A change that is
// announced after that read began is concurrent with this search, and the answer
// may be from before the change: passages of the new revision are recognised
// because no known manifest names them. Passages that are requested by id all
// belong to revisions that were committed when they were found. They may have been
// deleted since, but one document cannot have two revisions among them. So for
// these alone the journal is not read, and the result is nil.
func (s *Store) ask(ctx context.Context, collection string, searches []*armSearch) (recent *changing, err error) {
	start := s.clock.now()
	group, asking := errgroup.WithContext(ctx)
	if slices.ContainsFunc(searches, func(a *armSearch) bool { return a.arm.IDs == nil }) {
		recent = &changing{}
		group.Go(func() (err error) {
			if err = s.caughtUp(asking, collection, start); err == nil {
				*recent, err = s.journal(asking, collection, start)
			}
			return err
		})
	}
	group.Go(func() error { return s.query(asking, collection, searches) })
	return recent, group.Wait()
}

// judges returns the manifests of the found documents. A manifest that was read
// earlier is used if it names all found passages of its document and the journal
// does not name the document.
func (s *Store) judges(ctx context.Context, collection string, searches []*armSearch, recent *changing) (map[corpus.ChunkID]*manifest, error) {
	held := map[corpus.ChunkID]*manifest{}
	unsure := map[corpus.ChunkID]struct{}{}
	for _, a := range searches {
		for _, id := range a.ids {
			key := id.Document()
			m, known := held[key]
			if !known {
				m, _ = s.seen.GetIfPresent(key)
				held[key] = m
			}
			if !m.holds(id) || recent != nil && recent.has(key) {
				unsure[key] = struct{}{}
			}
		}
	}
	if recent == nil && len(unsure) > 0 { // something changed meanwhile
		for key := range held {
			unsure[key] = struct{}{}
		}
	}
	return held, s.readAgain(ctx, collection, unsure, held)
}

// readAgain reads the manifests of the keys, caches them and adds them to held.
func (s *Store) readAgain(ctx context.Context, collection string, keys map[corpus.ChunkID]struct{}, held map[corpus.ChunkID]*manifest) error {
	fresh, err := s.manifests(ctx, s.asking(), collection, slices.Collect(maps.Keys(keys)))
	if err != nil {
		return err
	}
	for key := range keys {
		m := fresh[key]
		if m == nil {
			s.seen.Invalidate(key)
			delete(held, key)
			continue
		}
		s.seen.Set(key, m.bare())
		held[key] = m
	}
	return nil
}

// judge keeps the passages that the manifests name, in order, and reports whether
// the list is complete. If it is not, the next query requests more.
func (a *armSearch) judge(held map[corpus.ChunkID]*manifest, settled *confirmed, begun int64, first bool, now time.Time) bool {
	a.hits = a.hits[:0]
	complete := true
	for i, id := range a.ids {
		m := held[id.Document()]
		if m.holds(id) && a.bound && !m.of(a.tenant) {
			a.mixed = true
			complete = complete && (a.arm.IDs != nil || !a.open)
			continue
		}
		if m.holds(id) && !m.life.visible(now) {
			a.hidden = true
			if a.arm.IDs == nil && !a.filtered { // it may have crowded others out
				complete = false
			}
			continue
		}
		if m.holds(id) {
			if score := a.found[i].GetScore(); a.arm.Min == nil || score >= *a.arm.Min {
				a.hits = append(a.hits, store.Hit{ID: id, DocumentID: m.documentID, Revision: m.revision, Score: score})
			}
			continue
		}
		// Either a leftover, or the document was replaced after the query. Only if
		// its manifest was read before the query, no passage of the document is
		// missing here. A passage without any manifest most likely belongs to a
		// first write that is not complete; the query is repeated once.
		if m == nil && first && a.arm.IDs == nil {
			complete = false
		}
		if m != nil && !m.deleted && a.arm.IDs == nil && !settled.unchanged(id.Document(), m.sequence, begun) {
			complete = false
		}
	}
	slices.SortFunc(a.hits, func(x, y store.Hit) int {
		return cmp.Or(cmp.Compare(y.Score, x.Score), x.ID.Compare(y.ID))
	})
	asked := int(a.query.GetLimit())
	if a.arm.IDs == nil && a.asked >= asked && a.short() {
		a.query.Limit = sdk.PtrOf(uint64(min(2*asked, a.arm.Limit+deepest)))
		complete = complete && asked >= a.arm.Limit+deepest
	}
	a.hits = a.hits[:min(len(a.hits), a.arm.Limit)]
	if a.hidden {
		a.leaveOut(now)
	}
	if a.mixed && a.open {
		a.close()
	}
	return complete
}

// deepest is how many hits below the limit a search requests at most, to find ties
// with its last hit and hits that leftovers displaced.
const deepest = 1 << 16

// short reports whether hits that belong in the list may be below the last one
// found: too few were kept, or the last kept hit has the same score as the last one
// found.
func (a *armSearch) short() bool {
	if len(a.found) == 0 {
		return true // all are points of other programs
	}
	last := a.found[len(a.found)-1].GetScore()
	if a.arm.Min != nil && last < *a.arm.Min {
		return false
	}
	return len(a.hits) < a.arm.Limit || a.hits[a.arm.Limit-1].Score <= last
}

// confirmed records the sequences of manifests that were read, and when each was
// read first. Sequences only increase. So if the sequence of a manifest was read
// before a query began, the manifest was not written during the query.
type confirmed struct {
	mu   sync.Mutex
	now  int64 // counts the queries that have begun
	seen map[corpus.ChunkID]sighting
}

type sighting struct{ sequence, at int64 }

// confirmedMost limits the number of recorded sequences, which take about 64 bytes each.
const confirmedMost = 1 << 14

func (c *confirmed) begin() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now++
	return c.now
}

func (c *confirmed) unchanged(key corpus.ChunkID, sequence, begun int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, held := c.seen[key]
	return held && s.sequence == sequence && s.at < begun
}

func (c *confirmed) saw(held map[corpus.ChunkID]*manifest) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen == nil || len(c.seen) > confirmedMost {
		c.seen = make(map[corpus.ChunkID]sighting, len(held))
	}
	for key, m := range held {
		if s, known := c.seen[key]; !known || s.sequence < m.sequence {
			c.seen[key] = sighting{m.sequence, c.now}
		}
	}
}
