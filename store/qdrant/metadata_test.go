package qdrant_test

import (
	"context"
	"testing"

	sdk "github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/qdrant/standin"
)

// Points of versions before metadata had types answer as they did: ranges read their
// strings as numbers, values are strings, and prefixes work.
func TestPointsFromBeforeValuesHadTypes(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		s := opened(t, p.at())
		e := document("old", "1", 1)
		e.Document.Metadata = map[string]corpus.Value{"year": corpus.Untyped("2022"), "section": corpus.Untyped("news/ar"), "note": corpus.Untyped("of 2022, section news")}
		if err := s.Put(t.Context(), []store.Entry{e}); err != nil {
			t.Fatal(err)
		}
		// What those versions did not write.
		_, err := p.client.SetPayload(t.Context(), &sdk.SetPayloadPoints{
			CollectionName: s.Collection(), Wait: sdk.PtrOf(true),
			Payload:        map[string]*sdk.Value{"metadata_texts": sdk.NewValueNull(), "metadata_typed": sdk.NewValueNull(), "times": sdk.NewValueNull()},
			PointsSelector: sdk.NewPointsSelector(sdk.NewIDUUID(e.Points[0].Chunk.ID.String()), sdk.NewIDUUID(corpus.DocumentKey("old").String())),
		})
		if err != nil {
			t.Fatal(err)
		}
		s = opened(t, p.at())
		year := 2022.0
		for name, test := range map[string]struct {
			match corpus.MetadataMatch
			found bool
		}{
			"the string":           {corpus.MetadataMatch{Key: "year", Values: []corpus.Value{corpus.String("2022")}}, true},
			"the number":           {corpus.MetadataMatch{Key: "year", Values: []corpus.Value{corpus.Number(2022)}}, false},
			"a range":              {corpus.MetadataMatch{Key: "year", Min: &year, Max: &year}, true},
			"the key":              {corpus.MetadataMatch{Key: "section"}, true},
			"a prefix":             {corpus.MetadataMatch{Key: "section", Prefix: "news"}, true},
			"a part, no prefix":    {corpus.MetadataMatch{Key: "section", Prefix: "ar"}, false},
			"a prefix of a number": {corpus.MetadataMatch{Key: "year", Prefix: "20"}, true},
		} {
			arms := []store.ArmQuery{{Dense: corpus.Vector{1, 0, 0, 0}, Limit: 10, Filter: corpus.Filter{Metadata: &test.match}}}
			hits, err := s.Search(t.Context(), arms)
			if err != nil || len(hits[0]) > 0 != test.found {
				t.Errorf("%s: %d hits, error %v, want found %v", name, len(hits[0]), err, test.found)
			}
		}
		info, err := s.Document(t.Context(), "old")
		if err != nil || !info.Document.Metadata["year"].IsUntyped() || info.Document.Metadata["year"].Text() != "2022" {
			t.Errorf("metadata %v, error %v", info.Document.Metadata, err)
		}
	})
}

// A server in strict mode may refuse conditions on fields without an index. The error
// says what to do.
func TestRangesWithoutAnIndexInStrictMode(t *testing.T) {
	year := 2000.0
	for said, test := range map[string]struct {
		match corpus.MetadataMatch
		want  string
	}{
		`Bad request: Index required but not found for "numbers.year" of one of the following types: [float]. Help: Create an index for this key or use a different filter.`: {
			corpus.MetadataMatch{Key: "year", Min: &year}, "store.numbers",
		},
		`Bad request: Index required but not found for "metadata_texts" of one of the following types: [text]. Help: Create an index for this key or use a different filter.`: {
			corpus.MetadataMatch{Key: "section", Prefix: "news"}, "unindexed_filtering_retrieve",
		},
	} {
		s := opened(t, at(standin.Start(t, standin.Options{Before: func(_ context.Context, method string, _ any) error {
			if method == "QueryBatch" {
				return status.Error(codes.InvalidArgument, said)
			}
			return nil
		}}).Address()))
		_, err := s.Search(t.Context(), []store.ArmQuery{{Dense: corpus.Vector{1, 0, 0, 0}, Limit: 10, Filter: corpus.Filter{Metadata: &test.match}}})
		wrong(t, said, err, corpus.ErrRefusedState, test.want)
	}
}
