package qdrant

import (
	"context"
	"errors"
	"slices"

	sdk "github.com/qdrant/go-client/qdrant"
)

// Incomplete returns the ids of documents with missing passages, at most limit. It
// compares two counts first, so it is fast if no passage is missing.
func (s *Store) Incomplete(ctx context.Context, most int) ([]string, error) {
	name, err := s.at(ctx, s.asking())
	if err != nil || name == "" {
		return nil, err
	}
	wanted := 0
	err = s.manifestsOf(ctx, name, func(page map[string]*manifest) error {
		for _, m := range page {
			wanted += m.chunks
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	passages, err := s.count(ctx, s.asking(), name, kind(kindPassage))
	if err != nil || passages == wanted {
		return nil, err
	}
	var ids []string
	err = s.manifestsOf(ctx, name, func(page map[string]*manifest) error {
		missing, err := s.incomplete(ctx, name, page)
		for id := range missing {
			ids = append(ids, id)
		}
		if err == nil && len(ids) >= most {
			err = errEnough
		}
		return err
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	slices.Sort(ids)
	return ids[:min(len(ids), most)], err
}

var errEnough = errors.New("enough")

// manifestsOf iterates over the manifests of all documents, page by page.
func (s *Store) manifestsOf(ctx context.Context, collection string, visit func(map[string]*manifest) error) error {
	page := map[string]*manifest{}
	err := s.scroll(ctx, s.asking(), collection, must(kind(kindDocument)), sdk.NewWithPayloadInclude(commitFields...), nil, func(p *sdk.RetrievedPoint) error {
		m := readManifest(p.GetPayload()).bare()
		page[m.documentID] = m
		if len(page) < readBatch {
			return nil
		}
		defer clear(page)
		return visit(page)
	})
	if err != nil {
		return err
	}
	return visit(page)
}
