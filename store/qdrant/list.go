package qdrant

import (
	"cmp"
	"context"
	"fmt"
	"math/big"
	"slices"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
	"dalil/store"
)

// Documents are listed by rising id, byte by byte. Qdrant orders by numbers only,
// of 53 bits, so a manifest holds the first bytes of its id as numbers of six bytes
// each, idLevels of them, and each has an index. A page is asked for by the first
// number; where ids share that, by the second among those, and so on. Ids that
// share all numbers are read together and ordered here.

const (
	idBytes  = 6
	idLevels = 8
)

// idKey is the payload key of one level.
func idKey(level int) string { return fmt.Sprintf("id_%d", level) }

// idNumber is one level of an id; bytes beyond its end count as zero.
func idNumber(id string, level int) int64 {
	var n int64
	for i := level * idBytes; i < (level+1)*idBytes; i++ {
		n <<= 8
		if i < len(id) {
			n |= int64(id[i])
		}
	}
	return n
}

// idNumbers are all levels of an id.
func idNumbers(id string, payload map[string]*sdk.Value) {
	for level := range idLevels {
		payload[idKey(level)] = sdk.NewValueInt(idNumber(id, level))
	}
}

var infoFields = slices.Concat([]string{keyFingerprint}, documentFields)

// Documents lists by rising id; a collection that an older version made, whose
// manifests hold no numbers, by rising corpus.DocumentKey.
func (s *Store) Documents(ctx context.Context, after string, limit int) ([]store.Record, error) {
	if limit <= 0 {
		return nil, corpus.Invalid("limit", fmt.Sprintf("must be above 0, is %d", limit))
	}
	name, err := s.at(ctx, s.asking())
	if err != nil || name == "" {
		return nil, err
	}
	var found []*manifest
	if s.ordered() {
		l := listing{store: s, collection: name, after: after, limit: limit}
		err = l.list(ctx, 0, nil, after != "")
		found = l.found
	} else {
		found, err = s.listByKey(ctx, name, after, limit)
	}
	if err != nil {
		return nil, err
	}
	infos := make([]store.Record, len(found))
	for i, m := range found {
		if infos[i], err = m.info(); err != nil {
			return nil, err
		}
	}
	return infos, nil
}

// listing is one page under way.
type listing struct {
	store      *Store
	collection string
	after      string // "": from the first
	limit      int
	found      []*manifest
}

// list adds the documents whose ids share prefix, one number a level, in order,
// until the page is full. Where bounded is set, after shares the prefix too.
func (l *listing) list(ctx context.Context, level int, prefix []*sdk.Condition, bounded bool) error {
	if level == idLevels {
		return l.listTied(ctx, prefix)
	}
	from, bound := int64(0), int64(-1)
	if bounded {
		bound = idNumber(l.after, level)
		from = bound
	}
	for {
		want := l.limit - len(l.found) + 1
		page, err := l.page(ctx, level, prefix, from, want)
		if err != nil {
			return err
		}
		for start := 0; start < len(page); {
			number := idNumber(page[start].documentID, level)
			end := start
			for end < len(page) && idNumber(page[end].documentID, level) == number {
				end++
			}
			group := page[start:end]
			start = end
			if end == len(page) && len(page) == want { // there may be more of it
				inner := append(slices.Clone(prefix), sdk.NewMatchInt(idKey(level), number))
				if err := l.list(ctx, level+1, inner, number == bound); err != nil {
					return err
				}
			} else {
				l.add(group)
			}
			if len(l.found) >= l.limit {
				return nil
			}
			from = number + 1
		}
		if len(page) < want {
			return nil
		}
	}
}

// page reads documents with the prefix by their number at a level, from one on.
func (l *listing) page(ctx context.Context, level int, prefix []*sdk.Condition, from int64, limit int) ([]*manifest, error) {
	request := &sdk.ScrollPoints{
		CollectionName: l.collection, Filter: must(append([]*sdk.Condition{kind(kindDocument)}, prefix...)...), Limit: sdk.PtrOf(uint32(min(limit, 1<<30))),
		WithPayload: sdk.NewWithPayloadInclude(slices.Concat(infoFields, commitFields)...),
		OrderBy:     &sdk.OrderBy{Key: idKey(level), Direction: sdk.Direction_Asc.Enum(), StartFrom: &sdk.StartFrom{Value: &sdk.StartFrom_Integer{Integer: from}}},
	}
	var points []*sdk.RetrievedPoint
	err := l.store.read(ctx, "list documents", func(ctx context.Context) (err error) {
		points, err = l.store.client.Scroll(ctx, request)
		return err
	})
	if err != nil {
		return nil, err
	}
	page := make([]*manifest, len(points))
	for i, p := range points {
		page[i] = readManifest(p.GetPayload())
	}
	// Groups of one number are next to each other, as the server orders by it.
	slices.SortStableFunc(page, func(a, b *manifest) int {
		return cmp.Compare(idNumber(a.documentID, level), idNumber(b.documentID, level))
	})
	return page, nil
}

// listTied reads all documents that share every number.
func (l *listing) listTied(ctx context.Context, prefix []*sdk.Condition) error {
	var tied []*manifest
	filter := must(append([]*sdk.Condition{kind(kindDocument)}, prefix...)...)
	fields := sdk.NewWithPayloadInclude(slices.Concat(infoFields, commitFields)...)
	err := l.store.scroll(ctx, l.store.asking(), l.collection, filter, fields, nil, func(p *sdk.RetrievedPoint) error {
		tied = append(tied, readManifest(p.GetPayload()))
		return nil
	})
	l.add(tied)
	return err
}

// add takes a group whose ids follow those found: the ids after the page's start,
// until the page is full.
func (l *listing) add(group []*manifest) {
	group = slices.Clone(group)
	slices.SortFunc(group, func(a, b *manifest) int { return cmp.Compare(a.documentID, b.documentID) })
	for _, m := range group {
		if m.documentID > l.after && len(l.found) < l.limit {
			l.found = append(l.found, m)
		}
	}
}

// listByKey lists by rising corpus.DocumentKey.
func (s *Store) listByKey(ctx context.Context, collection, after string, limit int) ([]*manifest, error) {
	request := &sdk.ScrollPoints{
		CollectionName: collection, Filter: must(kind(kindDocument)), Limit: sdk.PtrOf(uint32(min(limit, 1<<30))),
		WithPayload: sdk.NewWithPayloadInclude(slices.Concat(infoFields, commitFields)...),
	}
	if after != "" {
		request.Offset = pointID(following(corpus.DocumentKey(after)))
	}
	var points []*sdk.RetrievedPoint
	err := s.read(ctx, "list documents", func(ctx context.Context) (err error) {
		points, err = s.client.Scroll(ctx, request)
		return err
	})
	found := make([]*manifest, len(points))
	for i, p := range points {
		found[i] = readManifest(p.GetPayload())
	}
	return found, err
}

// following is the next id in order.
func following(id corpus.ChunkID) (next corpus.ChunkID) {
	n := new(big.Int).SetBytes(id[:])
	n.Add(n, big.NewInt(1)).FillBytes(next[:])
	return next
}
