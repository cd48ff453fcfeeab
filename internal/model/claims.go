package model

import (
	"context"
	"sync"

	"dalil/corpus"
	"dalil/embedder/static"
	"dalil/grounding/claims"
	"dalil/internal/config"
	"dalil/lexical"
)

// Claims checks answers with the configured lexicon and the built-in word vectors.
// They are opened by the first check: a server that never checks an answer needs
// none of their memory.
type Claims struct {
	open func() (*claims.Checker, error)
}

// NewClaims returns a Claims.
func NewClaims(c config.Search) *Claims {
	return &Claims{sync.OnceValues(func() (*claims.Checker, error) {
		lexicon, err := OpenLexicon(c.Lexicon)
		if err != nil {
			return nil, err
		}
		words, err := static.Default()
		if err != nil {
			return nil, err
		}
		analyzer := lexical.NewAnalyzer()
		return claims.New(claims.Deps{
			Analyzer: analyzer, Expander: lexical.NewExpander(analyzer, lexicon, lexical.ExpandOptions{}),
			Words: reranker{words.NewScorer(static.ScorerOptions{})},
		})
	})}
}

// CheckClaims checks an answer; see [claims.Checker.Check].
func (c *Claims) CheckClaims(ctx context.Context, answer string, sources []corpus.Source) (corpus.Grounding, error) {
	checker, err := c.open()
	if err != nil {
		return corpus.Grounding{}, err
	}
	return checker.Check(ctx, answer, sources)
}

// Compare compares a claim with its sources; see [claims.Checker.Compare].
func (c *Claims) Compare(ctx context.Context, claim string, sources []corpus.Source) ([]claims.Comparison, error) {
	checker, err := c.open()
	if err != nil {
		return nil, err
	}
	return checker.Compare(ctx, claim, sources)
}
