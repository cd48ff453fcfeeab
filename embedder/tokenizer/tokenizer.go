// Package tokenizer cuts text into the pieces of a model's vocabulary. It
// reads the tokenizer.json of the Hugging Face tokenizers library (WordPiece,
// BPE and Unigram models with their normalizers and pre-tokenizers) and gives
// the same ids as that library does. Start at [Load], or at [NewUnigram] for a
// vocabulary of one's own.
package tokenizer

import (
	"errors"
	"iter"
	"math"
	"sync"
	"unicode/utf8"
)

// ErrFormat is matched by every error about a tokenizer's description.
var ErrFormat = errors.New("not a tokenizer that can be used")

// Tokenizer turns text into ids of pieces. It is safe for concurrent use.
type Tokenizer struct {
	words   *Splitter
	model   model
	added   *addedTokens // nil: none
	special framing      // ids set before and after by the post-processor
	memo    *memo        // nil: the front is not local to words
	raw     *document    // what JSON writes

	scratch sync.Pool // *workspace
}

// model cuts one word into pieces.
type model interface {
	appendIDs(dst []int32, word []byte, w *workspace) []int32
	size() int
	id(piece string) (int32, bool)
	unknown() (int32, bool)
}

// workspace is what one call needs, kept between calls so that text costs no
// garbage.
type workspace struct {
	words   wordsSpace
	viterbi []unigramNode
	backs   []int32
	merge   merging
	valid   []byte
	ends    []int32 // of AppendWordIDs
	marking bool
	last    int    // where the last word ended
	parts   []Part // of AppendParts
	placing bool
	asked   []asking // of a memo
	touched uint8    // read and not used
}

func newTokenizer(words *Splitter, m model) *Tokenizer {
	t := &Tokenizer{words: words, model: m}
	t.scratch.New = func() any { return new(workspace) }
	return t
}

// AppendIDs appends the ids of text's pieces to dst, without the special
// tokens that a post-processor would add. Bytes that are not UTF-8 count as
// U+FFFD. It takes time linear in the text.
func (t *Tokenizer) AppendIDs(dst []int32, text string) []int32 {
	w := t.scratch.Get().(*workspace)
	defer t.scratch.Put(w)
	return t.appendText(dst, text, w)
}

func (t *Tokenizer) appendText(dst []int32, text string, w *workspace) []int32 {
	text = w.validated(text)
	if t.added == nil {
		return t.appendSection(dst, text, true, w)
	}
	return t.added.appendIDs(dst, text, t, w)
}

// AppendWordIDs is AppendIDs that also separates words: after each word that has
// ids, it appends len(ids) to ends. If the tokenizer cuts at white space and marks,
// a word is the text between them; otherwise it is a pre-tokenised word.
func (t *Tokenizer) AppendWordIDs(ids, ends []int32, text string) (allIDs, allEnds []int32) {
	w := t.scratch.Get().(*workspace)
	defer t.scratch.Put(w)
	w.ends, w.marking, w.last = ends, true, len(ids)
	ids = t.appendText(ids, text, w)
	ends, w.ends, w.marking = w.ends, nil, false
	return ids, ends
}

// Part is a piece of a text whose ids do not depend on the text around it.
type Part struct {
	Start, End int32 // in the text, in bytes
	IDs        int32 // number of ids up to its end
}

// AppendParts is AppendIDs that also appends the parts of the text, in order; what is
// between them has no ids. It appends nothing and returns false if the text is not UTF-8 or
// the tokenizer cannot divide texts: AppendIDs can be used then.
func (t *Tokenizer) AppendParts(ids []int32, parts []Part, text string) (allIDs []int32, all []Part, ok bool) {
	if t.memo == nil || t.added != nil || len(text) > math.MaxInt32 {
		return ids, parts, false
	}
	w := t.scratch.Get().(*workspace)
	defer t.scratch.Put(w)
	w.parts, w.placing = parts, true
	before, placed := len(ids), len(parts)
	ids, ok = t.memo.appendIDs(ids, text, t, w)
	parts, w.parts, w.placing = w.parts, nil, false
	if !ok {
		ids, parts = ids[:before], parts[:placed]
	}
	return ids, parts, ok
}

// AppendIDsSpecial is AppendIDs with the post-processor's special tokens
// before and after ([CLS], </s>).
func (t *Tokenizer) AppendIDsSpecial(dst []int32, text string) []int32 {
	dst = append(dst, t.special.before...)
	dst = t.AppendIDs(dst, text)
	return append(dst, t.special.after...)
}

// Count is the number of ids that AppendIDs would append.
func (t *Tokenizer) Count(text string) int {
	ids := t.scratchIDs()
	*ids = t.AppendIDs((*ids)[:0], text)
	n := len(*ids)
	idsPool.Put(ids)
	return n
}

// LogProbability is the sum of the natural logarithms of the probabilities of pieces in
// the text that a Unigram vocabulary was learned from (Kudo, ACL 2018). A piece that is
// not in the vocabulary counts as less likely than all others. ok is false if the
// vocabulary has no probabilities.
func (t *Tokenizer) LogProbability(ids []int32) (log float64, ok bool) {
	m, ok := t.model.(*unigram)
	if !ok {
		return 0, false
	}
	for _, id := range ids {
		if id == m.unk || int(id) >= len(m.pieces) {
			log += m.unkScore
		} else {
			log += m.pieces[id].Score
		}
	}
	return log, true
}

// Words gives the words of text as the model gets to see them: normalised and
// pre-tokenised. A word is valid until the next one.
func (t *Tokenizer) Words(text string) iter.Seq[[]byte] { return t.words.Words(text) }

// Size is one more than the highest id, and so the number of rows that a
// table of vectors needs.
func (t *Tokenizer) Size() int {
	if t.added != nil {
		return max(t.model.size(), t.added.size)
	}
	return t.model.size()
}

// ID finds a piece, or an added token, by its text.
func (t *Tokenizer) ID(piece string) (int32, bool) {
	if t.added != nil {
		if id, ok := t.added.ids[piece]; ok {
			return id, true
		}
	}
	return t.model.id(piece)
}

// Unknown is the id of pieces that are not in the vocabulary; false: the
// model has none.
func (t *Tokenizer) Unknown() (int32, bool) { return t.model.unknown() }

// idsPool keeps Count free of garbage.
var idsPool = sync.Pool{New: func() any { return new([]int32) }}

func (t *Tokenizer) scratchIDs() *[]int32 { return idsPool.Get().(*[]int32) }

// appendSection handles a stretch of text without added tokens that are looked
// for before normalisation; first: it is the beginning of the text.
func (t *Tokenizer) appendSection(dst []int32, text string, first bool, w *workspace) []int32 {
	switch {
	case t.added != nil && t.added.normal != nil:
		t.words.normalize(text, &w.words)
		return t.added.appendNormal(dst, w.words.normal, first, t, w)
	case t.memo != nil:
		dst, _ = t.memo.appendIDs(dst, text, t, w) // the text is UTF-8
		return dst
	}
	t.words.split(text, first, &w.words)
	return t.appendWords(dst, w)
}

// appendWords appends the ids of the words that the splitter left in w.
func (t *Tokenizer) appendWords(dst []int32, w *workspace) []int32 {
	list := &w.words.out
	for i := range list.len() {
		dst = t.model.appendIDs(dst, list.at(i), w)
		w.mark(len(dst))
	}
	return dst
}

// mark notes the end of a word; one without ids is none.
func (w *workspace) mark(end int) {
	if w.marking && end > w.last {
		w.ends = append(w.ends, int32(end))
		w.last = end
	}
}

// validated replaces each byte that is not UTF-8 by U+FFFD, in w's memory.
// The result is valid until w is used for another text.
func (w *workspace) validated(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	w.valid = w.valid[:0]
	for _, r := range text {
		w.valid = utf8.AppendRune(w.valid, r)
	}
	return string(w.valid) // rare: the one copy is not worth an unsafe string
}
