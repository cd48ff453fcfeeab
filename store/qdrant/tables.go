package qdrant

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
)

// baseWriter is the writer of a table that was counted from the passages
// themselves. Older tables of other writers are void.
const baseWriter = "recount"

// flush stores the slices of this process's table that changed.
func (v *vocabulary) flush(ctx context.Context) error {
	collection := v.store.Collection()
	v.mu.Lock()
	if !v.changed || collection == "" {
		v.mu.Unlock()
		return nil
	}
	v.changed, v.dirty[0] = false, true // the first slice also has the number of passages
	v.mu.Unlock()
	var points []*sdk.PointStruct
	stored := make([]bool, len(v.dirty))
	for slice := range v.dirty {
		v.mu.Lock()
		if v.dirty[slice] {
			points = append(points, v.slicePoint(v.id, v.base, slice, v.own))
			v.dirty[slice], stored[slice] = false, true
		}
		v.mu.Unlock()
	}
	err := v.store.upsert(ctx, collection, points, v.store.clock.next())
	if err != nil {
		v.mu.Lock()
		defer v.mu.Unlock()
		for slice := range stored {
			v.dirty[slice] = v.dirty[slice] || stored[slice]
		}
		v.changed = true
	}
	return err
}

// slicePoint returns the point with one slice of a table: pairs of varints, which
// are the distance to the dimension before and the count. The first slice also has
// the number of passages.
func (v *vocabulary) slicePoint(writer, base string, slice int, t *table) *sdk.PointStruct {
	terms := t.slices[slice]
	data := make([]byte, 0, 8*len(terms))
	last := uint32(0)
	for _, d := range slices.Sorted(maps.Keys(terms)) {
		data = binary.AppendUvarint(data, uint64(d-last))
		data = binary.AppendVarint(data, terms[d])
		last = d
	}
	passages := int64(0)
	if slice == 0 {
		passages = t.passages
	}
	payload := map[string]*sdk.Value{
		keyKind: sdk.NewValueString(kindVocabulary), keyWriter: sdk.NewValueString(writer), keySlice: sdk.NewValueInt(int64(slice)),
		keyBase: sdk.NewValueString(base), keyChunks: sdk.NewValueInt(passages), keySequence: sdk.NewValueInt(v.store.clock.next()),
		keyData: sdk.NewValueString(base64.StdEncoding.EncodeToString(data)),
	}
	if v.tenant != "" {
		payload[keyTenant] = sdk.NewValueString(v.tenant)
	}
	return &sdk.PointStruct{
		Id: pointID(corpus.NewChunkID("vocabulary", corpus.TenantKey(v.tenant, writer), slice)), Vectors: noVectors(), Payload: payload,
	}
}

// refresh sums the stored tables of the other writers, and reports whether the sum
// is far from the true number of passages.
func (v *vocabulary) refresh(ctx context.Context) (off bool, err error) {
	collection := v.store.Collection()
	if collection == "" {
		return false, nil
	}
	tables, base, err := v.tables(ctx, collection)
	if err != nil {
		return false, err
	}
	delete(tables, v.id)
	v.writers.Store(int64(len(tables)))
	others := newTable(len(v.dirty))
	for _, t := range tables {
		others.passages += t.passages
		for _, terms := range t.slices {
			for d, n := range terms {
				others.add(d, n)
			}
		}
	}
	v.mu.Lock()
	if base != v.base {
		v.restart(base) // everything was counted again, including this process's share
	}
	v.others = others
	v.mu.Unlock()
	v.merge()
	counted := v.snapshot.Load().passages
	held, err := v.store.count(ctx, v.store.asking(), collection, v.passages()...)
	if err != nil {
		return false, err
	}
	apart := max(held-counted, counted-held)
	return apart*50 > held && apart > slack, nil
}

// restart starts an empty table of this process, which adds to another count. The
// caller holds the lock.
func (v *vocabulary) restart(base string) {
	v.base, v.own, v.changed = base, newTable(len(v.dirty)), false
	clear(v.dirty)
}

// passages are the conditions of the passages that are counted.
func (v *vocabulary) passages() []*sdk.Condition {
	return []*sdk.Condition{kind(kindPassage), ofTenant(v.tenant)}
}

// tables reads all valid tables, by writer, and the name of the recount that they
// add to.
func (v *vocabulary) tables(ctx context.Context, collection string) (map[string]*table, string, error) {
	type slice struct {
		writer, base, data string
		passages           int64
	}
	var all []slice
	base := ""
	err := v.store.scroll(ctx, v.store.asking(), collection, must(kind(kindVocabulary), ofTenant(v.tenant)), sdk.NewWithPayload(true), nil, func(p *sdk.RetrievedPoint) error {
		payload := p.GetPayload()
		s := slice{
			writer: payload[keyWriter].GetStringValue(), base: payload[keyBase].GetStringValue(),
			data: payload[keyData].GetStringValue(), passages: payload[keyChunks].GetIntegerValue(),
		}
		if s.writer == baseWriter {
			base = max(base, s.base)
		}
		all = append(all, s)
		return nil
	})
	if err != nil {
		return nil, "", err
	}
	tables := map[string]*table{}
	for _, s := range all {
		if s.base != base {
			continue
		}
		t, held := tables[s.writer]
		if !held {
			t = newTable(len(v.dirty))
			tables[s.writer] = t
		}
		t.passages += s.passages
		if err := decodeSlice(s.data, t); err != nil {
			return nil, "", fmt.Errorf("term counts of writer %s: %w", s.writer, err)
		}
	}
	return tables, base, nil
}

func decodeSlice(encoded string, t *table) error {
	data, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return corpus.Errorf(corpus.ErrCorrupt, "%w", corpus.Foreign(err))
	}
	at := uint64(0)
	for len(data) > 0 {
		step, n := binary.Uvarint(data)
		if n <= 0 {
			return corpus.ErrCorrupt
		}
		count, m := binary.Varint(data[n:])
		if at += step; m <= 0 || at > 1<<32-1 {
			return corpus.ErrCorrupt
		}
		t.add(uint32(at), count)
		data = data[n+m:]
	}
	return nil
}

// recount counts the terms of all passages from the passages themselves, and stores
// the result as the table that all others add to from now on.
func (v *vocabulary) recount(ctx context.Context) error {
	collection := v.store.Collection()
	t := newTable(len(v.dirty))
	err := v.store.scroll(ctx, v.store.asking(), collection, must(v.passages()...), sdk.NewWithPayload(false), sdk.NewWithVectorsInclude(lexicalVector), func(p *sdk.RetrievedPoint) error {
		t.passages++
		for _, d := range lexicalOf(p).Dimensions {
			t.add(d, 1)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return v.rebase(ctx, collection, t)
}

// foldAbove is the largest number of writers' tables in a collection.
const foldAbove = 16

// fold combines many tables into one, because each writing process leaves a table.
// Counts that others add between this read and their next one are lost. That only
// changes weights slightly; if the loss is large, everything is counted again.
func (v *vocabulary) fold(ctx context.Context) error {
	if v.writers.Load() <= foldAbove {
		return nil
	}
	if _, err := v.refresh(ctx); err != nil {
		return err
	}
	v.mu.Lock()
	t := newTable(len(v.dirty))
	for _, one := range []*table{v.others, v.own} {
		t.passages += one.passages
		for _, terms := range one.slices {
			for d, n := range terms {
				t.add(d, n)
			}
		}
	}
	v.mu.Unlock()
	return v.rebase(ctx, v.store.Collection(), t)
}

// rebase stores a table that all others add to from now on, and removes the earlier
// ones.
func (v *vocabulary) rebase(ctx context.Context, collection string, t *table) error {
	base := fmt.Sprintf("%020d", v.store.clock.next())
	var points []*sdk.PointStruct
	for slice := range v.dirty {
		points = append(points, v.slicePoint(baseWriter, base, slice, t))
	}
	if err := v.store.upsert(ctx, collection, points, v.store.clock.next()); err != nil {
		return err
	}
	v.mu.Lock()
	v.restart(base)
	v.others = t
	v.mu.Unlock()
	v.merge()
	void := must(kind(kindVocabulary), ofTenant(v.tenant))
	void.MustNot = []*sdk.Condition{sdk.NewMatchKeyword(keyBase, base)}
	return v.store.deletePoints(ctx, collection, void)
}

// scroll visits all points that match.
func (s *Store) scroll(ctx context.Context, how retry, collection string, filter *sdk.Filter, payload *sdk.WithPayloadSelector, vectors *sdk.WithVectorsSelector, visit func(*sdk.RetrievedPoint) error) error {
	var offset *sdk.PointId
	for {
		var points []*sdk.RetrievedPoint
		err := s.call(ctx, how, "scroll", func(ctx context.Context) (err error) {
			points, offset, err = s.client.ScrollAndOffset(ctx, &sdk.ScrollPoints{
				CollectionName: collection, Filter: filter, Offset: offset, Limit: sdk.PtrOf(uint32(readBatch)), WithPayload: payload, WithVectors: vectors,
			})
			return err
		})
		if err != nil {
			return err
		}
		for _, p := range points {
			if err := visit(p); err != nil {
				return err
			}
		}
		if offset == nil || len(points) == 0 {
			return nil
		}
	}
}
