package qdrant

import (
	"cmp"
	"slices"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
	"dalil/store"
)

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
