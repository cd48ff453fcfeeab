package indexer

import "hash/maphash"

// sources are the sources of the documents of a run by their ids. A run may have millions of
// documents, so that nothing here has pointers, which the garbage collector would follow.
type sources struct {
	seeds [2]maphash.Seed
	at    map[idHash]textSpan
	text  []byte // of all sources
}

// idHash has 128 bits of a hash that is seeded in each run, so that nobody can make two ids
// that have the same.
type idHash [2]uint64

// textSpan is where a source is in the text.
type textSpan struct {
	start  uint64
	length uint32
}

func newSources() *sources {
	return &sources{seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}, at: map[idHash]textSpan{}}
}

// add adds the source of an id. If the id has one already, it returns that instead.
func (s *sources) add(id, source string) (first string, taken bool) {
	hash := idHash{maphash.String(s.seeds[0], id), maphash.String(s.seeds[1], id)}
	if span, taken := s.at[hash]; taken {
		return string(s.text[span.start:][:span.length]), true
	}
	s.at[hash] = textSpan{uint64(len(s.text)), uint32(len(source))}
	s.text = append(s.text, source...)
	return "", false
}
