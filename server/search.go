package server

import (
	"context"
	"encoding/binary"
	"slices"

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
	answer := toAnswer(a, &q)
	cut(answer, fitting(answer), req, &q, a.More)
	return answer, nil
}

// GetPassages reads passages by id, and lists the missing ids.
func (s *searchService) GetPassages(ctx context.Context, req *dalilv1.GetPassagesRequest) (*dalilv1.GetPassagesResponse, error) {
	ids, err := distinct(req.GetPassageIds())
	if err != nil {
		return nil, err
	}
	bound, view := identityOf(ids), views[req.GetView()]
	first := 0
	if token := req.GetPageToken(); token != "" {
		place, err := open(passagePages, token, bound)
		if err == nil {
			first, err = offset(place)
		}
		if err != nil {
			return nil, err
		}
		ids = ids[min(first, len(ids)):]
	}
	passages, err := s.deps.Searcher.Passages(ctx, ids, int(req.GetNeighbours()), view)
	if err != nil {
		return nil, err
	}
	answer := &dalilv1.GetPassagesResponse{Passages: toPassages(passages, view)}
	n := fits(answer.Passages)
	read := len(ids) // number of ids on this page
	if n < len(passages) {
		read = slices.Index(ids, passages[n].Chunk.ID)
		answer.NextPageToken = seal(passagePages, binary.AppendUvarint(nil, uint64(first+read)), bound)
	}
	found := map[corpus.ChunkID]bool{}
	for i := range passages[:n] {
		found[passages[i].Chunk.ID] = true
	}
	answer.Passages = answer.Passages[:n]
	for _, id := range ids[:read] {
		if !found[id] {
			answer.MissingPassageIds = append(answer.MissingPassageIds, id.String())
		}
	}
	return answer, nil
}

// distinct parses ids and removes duplicates.
func distinct(texts []string) (ids []corpus.ChunkID, err error) {
	seen := map[corpus.ChunkID]bool{}
	for _, text := range texts {
		id, err := corpus.ParseChunkID(text)
		if err != nil {
			return nil, err
		}
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// identityOf returns the identity of a list of ids, which page tokens are bound to.
func identityOf(ids []corpus.ChunkID) []byte {
	var b []byte
	for _, id := range ids {
		b = append(b, id[:]...)
	}
	return b
}
