package searcher

import (
	"context"
	"encoding/binary"
	"fmt"
	"sync"

	"dalil/chunker"
	"dalil/corpus"
	"dalil/lexical"
	"dalil/store"
)

// ProfilingReranker is a Reranker that can store its analysis of a text as a
// profile. Fallback: it gets the texts of the candidates for each question.
type ProfilingReranker interface {
	Reranker
	// ProfileName changes whenever a profile may change.
	ProfileName() string
	// Profile makes the profile of a text.
	Profile(text string) []byte
	// RerankProfiles reranks like Rerank, for the texts that the profiles were made
	// from. An empty profile is that of an empty text. rarity gives the idf of each word
	// of the query among the passages that the caller sees.
	RerankProfiles(ctx context.Context, query string, profiles [][]byte, rarity func(word string) float64) ([]Reranking, error)
}

// profiler makes the profiles of passages: the lexical part, the lengths of the sentences
// (see [appendLengths]), each behind its size as a uvarint, and the reranker's part.
type profiler struct {
	analyzer *lexical.Analyzer
	reranker ProfilingReranker // nil: there is no reranker, or it needs texts
	scratch  sync.Pool         // *lexical.Profile
}

func newProfiler(deps Deps) *profiler {
	p := &profiler{analyzer: deps.Analyzer, scratch: sync.Pool{New: func() any { return new(lexical.Profile) }}}
	p.reranker, _ = deps.Reranker.(ProfilingReranker)
	return p
}

// ProfileName identifies everything that a profile depends on except the passage.
func (p *profiler) ProfileName() string {
	name := "searcher-2 " + chunker.SentencesVersion + " " + lexical.ProfileVersion + " " + p.analyzer.Name()
	if p.reranker != nil {
		name += " " + p.reranker.ProfileName()
	}
	return name
}

// Profile makes the profile of a passage.
func (p *profiler) Profile(point *store.Point) []byte {
	title := ""
	if point.Document != nil {
		title = point.Document.Title
	}
	held := p.scratch.Get().(*lexical.Profile)
	defer p.scratch.Put(held)
	words := p.analyzer.AppendProfile((*held)[:0], title, point.Chunk.Text, point.Sparse)
	*held = words
	var rest []byte
	if p.reranker != nil {
		rest = p.reranker.Profile(passageText(*point))
	}
	var room [64]byte // nearly always enough, and not on the heap
	lengths := appendLengths(room[:0], point.Chunk.Text)
	profile := make([]byte, 0, 2*binary.MaxVarintLen32+len(words)+len(lengths)+len(rest))
	profile = append(binary.AppendUvarint(profile, uint64(len(words))), words...)
	profile = append(binary.AppendUvarint(profile, uint64(len(lengths))), lengths...)
	return append(profile, rest...)
}

// profile is the analysis of a candidate's text that the ranking uses.
type profile struct {
	words    lexical.Profile
	lengths  []byte // of the sentences
	reranker []byte
}

func parseProfile(b []byte) (profile, bool) {
	words, rest, ok := sized(b)
	if !ok {
		return profile{}, false
	}
	lengths, rest, ok := sized(rest)
	return profile{lexical.Profile(words), lengths, rest}, ok
}

// sized splits b after a part that its size precedes.
func sized(b []byte) (part, rest []byte, ok bool) {
	n, size := binary.Uvarint(b)
	if size <= 0 || n > uint64(len(b)-size) {
		return nil, nil, false
	}
	end := size + int(n)
	return b[size:end], b[end:], true
}

// profileBest finds the profiles of the best candidates.
func (r *run) profileBest(ctx context.Context, candidates []candidate) ([]candidate, error) {
	return candidates, r.profile(ctx, r.best(candidates))
}

// profile adds the profiles of the candidates that have none yet. It reads them
// from the store, and makes missing ones from the texts. A candidate that was
// deleted meanwhile gets none.
func (r *run) profile(ctx context.Context, candidates []candidate) error {
	ids := make([]corpus.ChunkID, 0, len(candidates))
	for i := range candidates {
		if candidates[i].profile == nil {
			ids = append(ids, candidates[i].hit.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	found, err := r.profilesOf(ctx, ids)
	if err != nil {
		return err
	}
	next := 0
	for i := range candidates {
		if candidates[i].profile == nil {
			candidates[i].profile = found[next]
			next++
		}
	}
	return nil
}

// keptProfiles finds the profiles that the store keeps, and makes none.
func (r *run) keptProfiles(ctx context.Context, candidates []candidate) error {
	if r.keeper == nil {
		return nil
	}
	ids := make([]corpus.ChunkID, len(candidates))
	for i := range candidates {
		ids[i] = candidates[i].hit.ID
	}
	kept := &store.Profiles{}
	if err := r.keeper.Profiles(ctx, ids, kept); err != nil {
		return fmt.Errorf("read %d profiles: %w", len(ids), err)
	}
	for i := range candidates {
		if p, ok := parseProfile(kept.At(i)); ok && candidates[i].profile == nil {
			candidates[i].profile = &p
		}
	}
	return nil
}

// profilesOf returns the profile of each passage, until the run ends; nil: it is
// gone.
func (r *run) profilesOf(ctx context.Context, ids []corpus.ChunkID) ([]*profile, error) {
	all := make([]profile, len(ids))
	found := make([]*profile, len(ids))
	missing := ids
	if r.keeper != nil {
		if r.kept == nil {
			r.kept = r.profiles.Get().(*store.Profiles)
		}
		first := r.kept.Len()
		if err := r.keeper.Profiles(ctx, ids, r.kept); err != nil {
			return nil, fmt.Errorf("read %d profiles: %w", len(ids), err)
		}
		missing = nil
		for i, id := range ids {
			var ok bool
			if all[i], ok = parseProfile(r.kept.At(first + i)); ok {
				found[i] = &all[i]
			} else {
				missing = append(missing, id)
			}
		}
	}
	if len(missing) == 0 {
		return found, nil
	}
	if err := r.read(ctx, missing, store.WithSparse); err != nil {
		return nil, err
	}
	for i, id := range ids {
		if point, held := r.points[id]; held && found[i] == nil {
			found[i] = &all[i]
			all[i], _ = parseProfile(r.known.profile(r.profiler, &point))
		}
		r.vanished = r.vanished || found[i] == nil
	}
	return found, nil
}
