// Package hash embeds text by signed feature hashing of its words and their letter
// n-grams (Weinberger et al., ICML 2009). It replaces a model in tests that need
// speed and the same vectors on every machine. Its vectors carry no meaning. Start
// with [New].
package hash

import (
	"context"
	"math"
	"strconv"
	"unicode"
	"unicode/utf8"

	"dalil/corpus"
	"dalil/embedder"
)

// DefaultDimensions is the width for Options.Dimensions 0.
const DefaultDimensions = 256

// Options tune the embedder; the zero value works.
type Options struct {
	Dimensions int // 0: DefaultDimensions
	MaxBatch   int // 0: unlimited
}

// Embedder is a deterministic replacement for a model.
type Embedder struct{ model embedder.Model }

var _ embedder.Embedder = (*Embedder)(nil)

// New returns an embedder of the given width.
func New(options Options) *Embedder {
	if options.Dimensions <= 0 {
		options.Dimensions = DefaultDimensions
	}
	return &Embedder{embedder.Model{
		Name: "hash-" + strconv.Itoa(options.Dimensions), Revision: "1",
		Dimensions: options.Dimensions, MaxBatch: options.MaxBatch,
	}}
}

// Model returns the width. There is no limit on tokens.
func (e *Embedder) Model() embedder.Model { return e.model }

// Tokens counts words: runs of letters, marks and digits.
func (e *Embedder) Tokens(text string) int {
	n := 0
	eachWord(text, func([]rune) { n++ })
	return n
}

// Embed adds, per word, its own feature and those of its letter 3- to 5-grams,
// each divided by how many there are, and scales the sum to unit length. A
// text without words has the first axis as its vector.
func (e *Embedder) Embed(ctx context.Context, _ embedder.Role, texts []string) (embedder.Embeddings, error) {
	answer := embedder.Embeddings{Vectors: make([]corpus.Vector, len(texts))}
	for i, text := range texts {
		if err := ctx.Err(); err != nil {
			return embedder.Embeddings{}, err
		}
		v := make(corpus.Vector, e.model.Dimensions)
		eachWord(text, func(word []rune) {
			answer.Tokens++
			addWord(v, word)
		})
		normalise(v)
		answer.Vectors[i] = v
	}
	return answer, nil
}

// eachWord calls yield with every word in lower case; the slice is reused.
func eachWord(text string, yield func([]rune)) {
	var word []rune
	flush := func() {
		if len(word) > 0 {
			yield(word)
			word = word[:0]
		}
	}
	for _, r := range text {
		switch {
		case unicode.IsMark(r): // harakat and accents do not distinguish words here
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			word = append(word, unicode.ToLower(r))
			if len(word) == maxWord {
				flush()
			}
		default:
			flush()
		}
	}
	flush()
}

// maxWord bounds the work on text without spaces.
const maxWord = 64

func addWord(v corpus.Vector, word []rune) {
	add(v, word, 1)
	grams := 0
	for n := 3; n <= 5; n++ {
		grams += max(len(word)-n+1, 0)
	}
	if grams == 0 {
		return
	}
	weight := 1 / float32(math.Sqrt(float64(grams)))
	for n := 3; n <= 5; n++ {
		for i := 0; i+n <= len(word); i++ {
			add(v, word[i:i+n], weight)
		}
	}
}

// add hashes the feature with FNV-1a: the low bits choose the axis, the top
// bit the sign.
func add(v corpus.Vector, feature []rune, weight float32) {
	h := uint64(14695981039346656037)
	var buffer [utf8.UTFMax]byte
	for _, r := range feature {
		for _, b := range buffer[:utf8.EncodeRune(buffer[:], r)] {
			h = (h ^ uint64(b)) * 1099511628211
		}
	}
	h ^= h >> 29 // FNV's top bits mix slowly on short input
	h *= 0xbf58476d1ce4e5b9
	if h>>63 == 1 {
		weight = -weight
	}
	v[(h&math.MaxInt64)%uint64(len(v))] += weight
}

func normalise(v corpus.Vector) {
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if sum < 1e-12 {
		clear(v)
		v[0] = 1
		return
	}
	scale := float32(1 / math.Sqrt(sum))
	for i := range v {
		v[i] *= scale
	}
}
