package lexical

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"

	"dalil/corpus"
)

// Lexicon is the table of translations of the lexical arm: for every stem, it has
// the stems of the other language that translate it, with weights. It is immutable
// and safe for concurrent use.
type Lexicon struct {
	analyzer string
	stems    stemTable
	first    []uint32 // translations of stem i: first[i] to first[i+1]
	targets  []uint32 // in descending order of weight for each stem
	weights  []uint8
	more     []*Lexicon // merged into this one
}

// Entry is one learned translation. Weight is above 0 and at most 1.
type Entry struct {
	Source, Target string
	Weight         float64
}

// lexiconMagic begins every lexicon file; the digit is the format's version.
const lexiconMagic = "dalil lexicon 1\n"

// Limits for a file, so that a hostile file cannot make the program allocate much memory.
const (
	maxLexiconStems   = 1 << 22
	maxLexiconTargets = 255
)

// The file: magic; analyzer's name; number of stems; the stems, ascending and
// front-coded (bytes shared with the one before, length and bytes of the rest);
// for each stem the number of its translations and for each of them the stem's
// number and a byte of weight; SHA-256 of all that. Numbers are varints.

// quantum is the step of a weight's logarithm: a byte spans e^-8 to 1.
const quantum = 8.0 / 255

func quantiseWeight(w float64) uint8 {
	return uint8(255 - math.Round(min(max(-math.Log(w)/quantum, 0), 255)))
}

// weightOf is the inverse.
func weightOf(q uint8) float64 { return math.Exp(-float64(255-q) * quantum) }

// EncodeLexicon writes the entries as a file. Equal entries give equal bytes,
// whatever their order.
func EncodeLexicon(analyzer string, entries []Entry) ([]byte, error) {
	entries = slices.Clone(entries)
	slices.SortFunc(entries, func(a, b Entry) int {
		if c := strings.Compare(a.Source, b.Source); c != 0 {
			return c
		}
		if a.Weight != b.Weight {
			if a.Weight > b.Weight {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Target, b.Target)
	})
	var stems []string
	for _, e := range entries {
		if !(e.Weight > 0 && e.Weight <= 1) || e.Source == "" || e.Target == "" {
			return nil, corpus.Invalid("entry", fmt.Sprintf("%q → %q has weight %g", e.Source, e.Target, e.Weight))
		}
		stems = append(stems, e.Source, e.Target)
	}
	slices.Sort(stems)
	stems = slices.Compact(stems)
	number := make(map[string]uint64, len(stems))
	out := []byte(lexiconMagic)
	out = appendText(out, analyzer)
	out = binary.AppendUvarint(out, uint64(len(stems)))
	before := ""
	for i, s := range stems {
		number[s] = uint64(i)
		shared := 0
		for shared < len(s) && shared < len(before) && s[shared] == before[shared] {
			shared++
		}
		out = binary.AppendUvarint(out, uint64(shared))
		out = appendText(out, s[shared:])
		before = s
	}
	at := 0
	for _, s := range stems {
		end := at
		for end < len(entries) && entries[end].Source == s {
			end++
		}
		if end-at > maxLexiconTargets {
			return nil, corpus.Invalid("entry", fmt.Sprintf("%q has %d translations, the limit is %d", s, end-at, maxLexiconTargets))
		}
		out = binary.AppendUvarint(out, uint64(end-at))
		for ; at < end; at++ {
			out = binary.AppendUvarint(out, number[entries[at].Target])
			out = append(out, quantiseWeight(entries[at].Weight))
		}
	}
	sum := sha256.Sum256(out)
	return append(out, sum[:]...), nil
}

func appendText(out []byte, s string) []byte {
	return append(binary.AppendUvarint(out, uint64(len(s))), s...)
}

// LoadLexicon reads a file. Errors wrap corpus.ErrCorrupt and say what is
// wrong with it.
func LoadLexicon(data []byte) (*Lexicon, error) {
	if len(data) < len(lexiconMagic)+sha256.Size || string(data[:len(lexiconMagic)]) != lexiconMagic {
		return nil, fmt.Errorf("%w: no lexicon of version 1", corpus.ErrCorrupt)
	}
	body, sum := data[:len(data)-sha256.Size], data[len(data)-sha256.Size:]
	if sha256.Sum256(body) != [sha256.Size]byte(sum) {
		return nil, fmt.Errorf("%w: lexicon of %d bytes: the checksum is wrong; is the file whole?", corpus.ErrCorrupt, len(data))
	}
	r := &lexiconReader{rest: body[len(lexiconMagic):]}
	l := &Lexicon{analyzer: r.text()}
	r.stems(l)
	r.translations(l)
	if r.err == nil && len(r.rest) > 0 {
		r.fail("%d bytes too many", len(r.rest))
	}
	if r.err != nil {
		return nil, fmt.Errorf("%w: lexicon: %w", corpus.ErrCorrupt, r.err)
	}
	return l, nil
}

type lexiconReader struct {
	rest []byte
	err  error
}

func (r *lexiconReader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
	r.rest = nil
}

func (r *lexiconReader) number(limit int) int {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 || n > uint64(limit) {
		r.fail("a number is cut off or above %d", limit)
		return 0
	}
	r.rest = r.rest[size:]
	return int(n)
}

func (r *lexiconReader) text() string {
	n := r.number(MaxWordBytes)
	if n > len(r.rest) {
		r.fail("a text is cut off")
		return ""
	}
	s := string(r.rest[:n])
	r.rest = r.rest[n:]
	return s
}

func (r *lexiconReader) stems(l *Lexicon) {
	n := r.number(min(maxLexiconStems, len(r.rest)))
	l.stems = newStemTable(n)
	var text strings.Builder
	before := ""
	for i := 0; i < n && r.err == nil; i++ {
		shared := r.number(len(before))
		s := before[:shared] + r.text()
		if r.err == nil && s <= before {
			r.fail("stem %d does not ascend", i)
		}
		text.WriteString(s)
		l.stems.add(s, text.Len())
		before = s
	}
	l.stems.text = text.String()
}

func (r *lexiconReader) translations(l *Lexicon) {
	l.first = make([]uint32, l.stems.len()+1)
	for i := range l.stems.len() {
		n := r.number(maxLexiconTargets)
		for range n {
			target := r.number(l.stems.len() - 1)
			if r.err != nil || len(r.rest) == 0 {
				r.fail("the translations of stem %d are cut off", i)
				return
			}
			l.targets = append(l.targets, uint32(target))
			l.weights = append(l.weights, r.rest[0])
			r.rest = r.rest[1:]
		}
		l.first[i+1] = uint32(len(l.targets))
	}
}

// Analyzer returns the name of the analyzer that made the lexicon's stems.
func (l *Lexicon) Analyzer() string { return l.analyzer }

// Stems returns the number of stems of all languages in the lexicon. A stem in
// several merged lexicons counts once for each.
func (l *Lexicon) Stems() int {
	n := l.stems.len()
	for _, other := range l.more {
		n += other.Stems()
	}
	return n
}

// Translations calls yield with the translations of a stem, in descending order of weight.
func (l *Lexicon) Translations(stem string, yield func(target string, weight float64) bool) {
	if len(l.more) == 0 {
		l.alone(stem, yield)
		return
	}
	for _, e := range l.joined(stem) {
		if !yield(e.Target, e.Weight) {
			return
		}
	}
}

// alone does the same without the translations of merged lexicons.
func (l *Lexicon) alone(stem string, yield func(target string, weight float64) bool) {
	from, to := l.span(spelled{stem})
	for j := from; j < to; j++ {
		if !yield(l.stems.stem(l.targets[j]), weightOf(l.weights[j])) {
			return
		}
	}
}

// span returns where the translations of a stem of this lexicon are.
func (l *Lexicon) span(stem spelled) (from, to uint32) {
	i, held := l.stems.find(stem)
	if !held {
		return 0, 0
	}
	return l.first[i], l.first[i+1]
}

// Contains reports whether the stem has a translation.
func (l *Lexicon) Contains(stem string) bool {
	return l.contains(spelled{stem})
}

func (l *Lexicon) contains(stem spelled) bool {
	if from, to := l.span(stem); from < to {
		return true
	}
	return slices.ContainsFunc(l.more, func(other *Lexicon) bool { return other.contains(stem) })
}

// ExactKey returns the source of the translations of a form whose meaning differs
// from that of its stem.
func ExactKey(form string) string { return exactMark + form }

const exactMark, phraseMark = "=", " "

// PhraseKey returns the source of the translations of two neighbouring words.
func PhraseKey(first, second string) string { return first + phraseMark + second }
