package qdrant

import (
	"context"
	"math"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
	"dalil/store"
)

// The times between which a document is visible are in its manifest, which is checked
// for every hit, and in its passages, so that a query can leave them out.

// lifeOf adds a document's life to a payload.
func lifeOf(d *corpus.Document, payload map[string]*sdk.Value) {
	if !d.ExpiresAt.IsZero() {
		payload[keyExpires] = sdk.NewValueInt(d.ExpiresAt.UnixMicro())
	}
	if !d.VisibleFrom.IsZero() {
		payload[keyVisible] = sdk.NewValueInt(d.VisibleFrom.UnixMicro())
	}
}

// readLife reads the fields of lifeOf.
func readLife(payload map[string]*sdk.Value, d *corpus.Document) {
	if at, held := payload[keyExpires]; held {
		d.ExpiresAt = time.UnixMicro(at.GetIntegerValue()).UTC()
	}
	if at, held := payload[keyVisible]; held {
		d.VisibleFrom = time.UnixMicro(at.GetIntegerValue()).UTC()
	}
	d.SourceVersion = versionOf(payload)
}

func versionOf(payload map[string]*sdk.Value) *int64 {
	held, there := payload[keyVersion]
	if !there {
		return nil
	}
	version := held.GetIntegerValue()
	return &version
}

// life is when a document is visible, in Unix microseconds: [from, until).
type life struct{ from, until int64 }

func readBounds(payload map[string]*sdk.Value) life {
	l := life{math.MinInt64, math.MaxInt64}
	if at, held := payload[keyVisible]; held {
		l.from = at.GetIntegerValue()
	}
	if at, held := payload[keyExpires]; held {
		l.until = at.GetIntegerValue()
	}
	return l
}

func (l life) expired(now time.Time) bool { return now.UnixMicro() >= l.until }
func (l life) visible(now time.Time) bool { return now.UnixMicro() >= l.from && !l.expired(now) }

// leaveOut adds a condition to a query's filter, so that documents that are not
// visible are not found. It is used only after such a document was found, because the
// condition has a cost and the manifests are checked in any case.
func leaveOut(f *sdk.Filter, now time.Time) *sdk.Filter {
	at := float64(now.UnixMicro())
	hidden := []*sdk.Condition{
		sdk.NewRange(keyExpires, &sdk.Range{Lte: &at}), sdk.NewRange(keyVisible, &sdk.Range{Gt: &at}),
	}
	if f == nil {
		return &sdk.Filter{MustNot: hidden}
	}
	return &sdk.Filter{Must: f.Must, Should: f.Should, MinShould: f.MinShould, MustNot: append(hidden, f.MustNot...)}
}

// Expired lists documents that have expired by this machine's clock. If the
// collection has no document that expires, it is not searched.
func (s *Store) Expired(ctx context.Context, limit int) ([]string, error) {
	if err := store.CheckLimit(limit); err != nil {
		return nil, err
	}
	name, err := s.at(ctx, s.asking())
	if err != nil || name == "" {
		return nil, err
	}
	info, err := s.info(ctx, s.asking(), name)
	if err != nil || info.GetPayloadSchema()[keyExpires].GetPoints() == 0 {
		return nil, err
	}
	at := float64(s.clock.now().UnixMicro())
	var points []*sdk.RetrievedPoint
	err = s.read(ctx, "list documents that have expired", func(ctx context.Context) (err error) {
		points, err = s.client.Scroll(ctx, &sdk.ScrollPoints{
			CollectionName: name, Filter: must(kind(kindDocument), sdk.NewRange(keyExpires, &sdk.Range{Lte: &at})),
			Limit: sdk.PtrOf(uint32(min(limit, readBatch))), WithPayload: sdk.NewWithPayloadInclude(keyDocumentID),
		})
		return err
	})
	ids := make([]string, len(points))
	for i, p := range points {
		ids[i] = p.GetPayload()[keyDocumentID].GetStringValue()
	}
	return ids, err
}

// Versions reads the source versions of existing and recently deleted documents.
func (s *Store) Versions(ctx context.Context, ids []string) (map[string]int64, error) {
	versions := map[string]int64{}
	name, err := s.at(ctx, s.reading())
	if err != nil || name == "" {
		return versions, err
	}
	held, err := s.manifests(ctx, s.reading(), name, keysOfIDs(ids))
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if m := held[corpus.DocumentKey(id)]; m != nil && m.documentID == id && m.version != nil {
			versions[id] = *m.version
		}
	}
	return versions, nil
}
