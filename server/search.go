package server

import (
	"context"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

type searchService struct {
	dalilv1.UnimplementedSearchServiceServer
	*serving
}

// Search answers one page of a question.
func (s *searchService) Search(ctx context.Context, req *dalilv1.SearchRequest) (*dalilv1.SearchResponse, error) {
	q, err := query(req)
	if err != nil {
		return nil, err
	}
	a, err := s.deps.Searcher.Search(ctx, q)
	if err != nil {
		return nil, err
	}
	answer := toAnswer(a, q.Debug)
	if a.More {
		answer.NextPageToken = nextPage(req, q.Offset+len(a.Passages))
	}
	return answer, nil
}

// GetPassages reads passages by id and says which are missing.
func (s *searchService) GetPassages(ctx context.Context, req *dalilv1.GetPassagesRequest) (*dalilv1.GetPassagesResponse, error) {
	var ids []corpus.ChunkID
	missing := map[corpus.ChunkID]bool{}
	for _, text := range req.GetPassageIds() {
		id, err := corpus.ParseChunkID(text)
		if err != nil {
			return nil, err
		}
		if !missing[id] {
			missing[id] = true
			ids = append(ids, id)
		}
	}
	passages, err := s.deps.Searcher.Passages(ctx, ids, int(req.GetNeighbours()))
	if err != nil {
		return nil, err
	}
	answer := &dalilv1.GetPassagesResponse{}
	for i := range passages {
		answer.Passages = append(answer.Passages, toPassage(&passages[i]))
		delete(missing, passages[i].Chunk.ID)
	}
	for _, id := range ids {
		if missing[id] {
			answer.MissingPassageIds = append(answer.MissingPassageIds, id.String())
		}
	}
	return answer, nil
}
