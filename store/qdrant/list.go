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

// Documents are listed in ascending order of the bytes of their ids. Qdrant orders
// only by numbers of 53 bits, so a manifest has the first bytes of its id as
// idLevels numbers of six bytes each, and each number has an index. A page is read
// by the first number; ids with the same first number are read by the second one,
// and so on. Ids with the same numbers on all levels are read together and sorted
// here. The numbers are those of the id within its tenant, because the names of two
// tenants may share more bytes than all levels have.

const (
	idBytes  = 6
	idLevels = 8
)

// idKey returns the payload key of one level.
func idKey(level int) string { return fmt.Sprintf("id_%d", level) }

// idNumber returns one level of an id. Bytes beyond its end count as zero.
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

// idNumbers adds all levels of a document's id to the payload of its manifest.
func idNumbers(key string, payload map[string]*sdk.Value) {
	_, id := corpus.SplitKey(key)
	for level := range idLevels {
		payload[idKey(level)] = sdk.NewValueInt(idNumber(id, level))
	}
}

var infoFields = slices.Concat([]string{keyFingerprint}, documentFields)

// Documents lists documents in ascending order of their ids. In a collection of an
// older version, whose manifests have no numbers, the order is that of
// corpus.DocumentKey.
func (s *Store) Documents(ctx context.Context, after string, limit int) ([]store.Record, error) {
	if err := store.CheckLimit(limit); err != nil {
		return nil, err
	}
	name, err := s.at(ctx, s.asking())
	if err != nil || name == "" {
		return nil, err
	}
	var found []*manifest
	if s.ordered() {
		found, err = s.listAll(ctx, name, after, limit)
	} else {
		found, err = s.listByKey(ctx, name, after, limit)
	}
	if err != nil {
		return nil, err
	}
	return s.records(found)
}

// TenantDocuments lists documents of a tenant.
func (s *Store) TenantDocuments(ctx context.Context, tenant, after string, limit int) ([]store.Record, error) {
	if err := store.CheckLimit(limit); err != nil {
		return nil, err
	}
	name, err := s.at(ctx, s.asking())
	if err != nil || name == "" {
		return nil, err
	}
	var found []*manifest
	if s.ordered() {
		found, err = s.listTenant(ctx, name, tenant, after, limit)
	} else {
		if after != "" {
			after = corpus.TenantKey(tenant, after)
		}
		found, err = s.listByKey(ctx, name, after, limit, ofTenant(tenant))
	}
	if err != nil {
		return nil, err
	}
	return s.records(found)
}

// listAll lists the documents of all tenants in ascending order of their keys: the named
// tenants in order, then the tenant without a name.
func (s *Store) listAll(ctx context.Context, collection, after string, limit int) ([]*manifest, error) {
	begin, id := corpus.SplitKey(after)
	var tenants []string
	if after < "\x02" { // the keys of named tenants begin with the byte 1
		named, err := s.Tenants(ctx)
		if err != nil {
			return nil, err
		}
		tenants = slices.DeleteFunc(named, func(t string) bool { return t != begin && corpus.TenantKey(t, "") < after })
	}
	var found []*manifest
	for _, tenant := range append(tenants, "") {
		from := ""
		if tenant == begin {
			from = id
		}
		more, err := s.listTenant(ctx, collection, tenant, from, limit-len(found))
		if found = append(found, more...); err != nil || len(found) >= limit {
			return found, err
		}
	}
	return found, nil
}

func (s *Store) listTenant(ctx context.Context, collection, tenant, after string, limit int) ([]*manifest, error) {
	l := listing{store: s, collection: collection, after: after, limit: limit}
	err := l.list(ctx, 0, []*sdk.Condition{ofTenant(tenant)}, after != "")
	return l.found, err
}

func (s *Store) records(found []*manifest) (infos []store.Record, err error) {
	infos = make([]store.Record, len(found))
	for i, m := range found {
		if infos[i], err = m.info(s.clock.now()); err != nil {
			return nil, err
		}
	}
	return infos, nil
}

// listing is the state of reading one page of a tenant.
type listing struct {
	store      *Store
	collection string
	after      string // an id of the tenant; "": from the start
	limit      int
	found      []*manifest
}

// list adds the documents whose ids begin with the numbers in prefix, in order,
// until the page is full. If bounded is set, after has the same prefix.
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
			number := idNumber(page[start].plainID(), level)
			end := start
			for end < len(page) && idNumber(page[end].plainID(), level) == number {
				end++
			}
			group := page[start:end]
			start = end
			if end == len(page) && len(page) == want { // the group may continue on the next page
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

// page reads documents with the prefix, ordered by their number at a level, starting at from.
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
	// Documents with the same number are next to each other, because the server orders by it.
	slices.SortStableFunc(page, func(a, b *manifest) int {
		return cmp.Compare(idNumber(a.plainID(), level), idNumber(b.plainID(), level))
	})
	return page, nil
}

// listTied reads all documents that have the same numbers on all levels.
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

// add adds a group of documents whose ids follow those found so far. It skips ids
// before the start of the page, and stops when the page is full.
func (l *listing) add(group []*manifest) {
	group = slices.Clone(group)
	slices.SortFunc(group, func(a, b *manifest) int { return cmp.Compare(a.documentID, b.documentID) })
	for _, m := range group {
		if m.plainID() > l.after && len(l.found) < l.limit {
			l.found = append(l.found, m)
		}
	}
}

// listByKey lists documents in ascending order of corpus.DocumentKey.
func (s *Store) listByKey(ctx context.Context, collection, after string, limit int, also ...*sdk.Condition) ([]*manifest, error) {
	request := &sdk.ScrollPoints{
		CollectionName: collection, Filter: must(append(also, kind(kindDocument))...), Limit: sdk.PtrOf(uint32(min(limit, 1<<30))),
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

// following returns the next id in order.
func following(id corpus.ChunkID) (next corpus.ChunkID) {
	n := new(big.Int).SetBytes(id[:])
	n.Add(n, big.NewInt(1)).FillBytes(next[:])
	return next
}
