package qdrant

import (
	"context"
	"fmt"
	"slices"

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
