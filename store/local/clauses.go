package local

import (
	"encoding/binary"
	"math"
	"weak"

	"github.com/maypok86/otter/v2"

	"dalil/corpus"
)

// clauses are the clauses of filters that were used last, with the documents of each
// segment that they keep. The documents of a segment never change. Deleted, expired and
// hidden documents are left out later.
type clauses struct {
	kept *otter.Cache[clauseKey, bitmap]
}

// clauseKey names a clause of a tenant's filter and a segment. A weak pointer lets a
// segment that was merged go. The tenant is part of the key, because the time of an answer
// would tell one tenant what another one has asked.
type clauseKey struct {
	segment weak.Pointer[segment]
	tenant  string
	clause  string
}

const (
	clauseMemory = 8 << 20 // bytes of the documents that are kept
	longClause   = 4096    // bytes; longer clauses are not kept
	fewDocuments = 1024    // in a segment: nothing is kept, because a clause is matched as fast
)

func newClauses() clauses {
	return clauses{otter.Must(&otter.Options[clauseKey, bitmap]{
		MaximumWeight: clauseMemory,
		Weigher:       func(k clauseKey, b bitmap) uint32 { return uint32(len(k.tenant) + len(k.clause) + 8*len(b) + 128) },
	})}
}

// of returns what match sets for a filter that is one clause. The set must not be changed.
func (c clauses) of(s *segment, tenant string, f *corpus.Filter, match func(out bitmap)) bitmap {
	var key clauseKey
	if c.kept != nil && len(s.keys) >= fewDocuments {
		if text := appendClause(nil, f); len(text) <= longClause {
			key = clauseKey{weak.Make(s), tenant, string(text)}
			if found, held := c.kept.GetIfPresent(key); held {
				return found
			}
		}
	}
	out := newBitmap(len(s.keys))
	match(out)
	if key.clause != "" {
		c.kept.Set(key, out)
	}
	return out
}

// appendClause appends an encoding of a filter that is one clause. Clauses that differ have
// different encodings.
func appendClause(b []byte, f *corpus.Filter) []byte {
	switch {
	case f.In != nil:
		b = append(b, 'i', byte(f.In.Field))
		for _, value := range f.In.Values {
			b = appendString(b, value)
		}
	case f.Published != nil:
		b = append(b, 'p')
		b = appendTime(appendTime(b, momentOf(f.Published.From)), momentOf(f.Published.Until))
	case f.Metadata != nil:
		m := f.Metadata
		b = appendString(append(b, 'm'), m.Key)
		b = appendString(appendBound(appendBound(b, m.Min), m.Max), m.Prefix)
		b = appendTime(appendTime(b, momentOf(m.From)), momentOf(m.Until))
		for _, value := range m.Values {
			b = append(b, byte(value.Kind()))
			b = binary.BigEndian.AppendUint64(b, math.Float64bits(value.Float()))
			b = binary.AppendUvarint(b, uint64(len(value.Items())))
			for _, item := range value.Items() {
				b = appendString(b, item)
			}
		}
	}
	return b
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendTime(b []byte, m moment) []byte {
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint64(b, uint64(m.seconds)), uint32(m.nanos))
}

func appendBound(b []byte, bound *float64) []byte {
	if bound == nil {
		return append(b, 0)
	}
	return binary.BigEndian.AppendUint64(append(b, 1), math.Float64bits(*bound))
}
