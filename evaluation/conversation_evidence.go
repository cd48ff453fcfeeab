package evaluation

import (
	"context"
	"fmt"

	"dalil/corpus"
)

// ChainEvidence compares what the answers to the second questions of one kind of chain say of themselves with what those
// to the full questions say. A question is off-topic if its relevant document is not in the index.
type ChainEvidence struct {
	Kind    ChainKind      `json:"kind"`
	History EvidenceReport `json:"history"` // of the second question, with the history
	Full    EvidenceReport `json:"full"`    // of the full question, without a history
}

// GradedChain is what the answers to one chain said of themselves.
type GradedChain struct {
	Kind          ChainKind
	History, Full Graded
}

// GradeConversations asks the second question of each chain with what came before, and the full question without it. held
// reports whether a document is in the index of the service.
func GradeConversations(ctx context.Context, chains []Chain, held func(document string) bool, s Service) ([]GradedChain, error) {
	asked := asker{ctx: ctx, service: s, known: map[string]corpus.Answer{}}
	graded := make([]GradedChain, len(chains))
	for i, chain := range chains {
		answer, full, err := asked.both(chain)
		if err != nil {
			return nil, fmt.Errorf("query %s: %w", chain.ID, err)
		}
		relevant := map[string]int{}
		for document, gain := range chain.Relevant {
			if held(document) {
				relevant[document] = gain
			}
		}
		graded[i] = GradedChain{chain.Kind, Grade(answer, relevant), Grade(full, relevant)}
	}
	return graded, nil
}

// both answers the second question of a chain with the history, and the full question without it.
func (a *asker) both(chain Chain) (history, full corpus.Answer, err error) {
	turns, err := a.history(chain.First)
	if err != nil {
		return history, full, err
	}
	if full, err = a.once(chain.Full); err != nil {
		return history, full, err
	}
	history, err = a.ask(chain.Text, turns)
	return history, full, err
}

// MeasureConversations measures the evidence of each kind of chain that occurs.
func MeasureConversations(graded []GradedChain) []ChainEvidence {
	all := []ChainEvidence{}
	for _, kind := range ChainKinds() {
		var history, full []Graded
		for _, g := range graded {
			if g.Kind == kind {
				history, full = append(history, g.History), append(full, g.Full)
			}
		}
		if len(history) > 0 {
			all = append(all, ChainEvidence{kind, MeasureEvidence("", "", history), MeasureEvidence("", "", full)})
		}
	}
	return all
}
