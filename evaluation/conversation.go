package evaluation

import (
	"context"
	"fmt"
	"time"

	"dalil/corpus"
)

// ChainReport says how well the second questions of one kind of chain are answered.
type ChainReport struct {
	Kind      ChainKind `json:"kind"`
	Questions int       `json:"questions"`
	Alone     float64   `json:"ndcg@10_alone"`   // without the history
	History   float64   `json:"ndcg@10_history"` // with it
	Full      float64   `json:"ndcg@10_full"`    // of the whole question without a history
	FollowUps float64   `json:"follow_ups"`      // share of questions that were read as leaning on the history
	Extra     float64   `json:"extra_ms"`        // mean time that the history adds, in milliseconds
}

// ConversationReport is what one set says of follow-up questions.
type ConversationReport struct {
	Name     string          `json:"name"`
	Chains   []ChainReport   `json:"chains"`
	Evidence []ChainEvidence `json:"evidence"`
}

// JudgeConversations asks the second question of each chain with and without what came before: the first question, and
// an answer that cites the best passage found for it.
func JudgeConversations(ctx context.Context, set Set, words func(text string) []Word, s Service) (ConversationReport, error) {
	report := ConversationReport{Name: set.Name}
	at := map[ChainKind]int{}
	for _, kind := range ChainKinds() {
		at[kind] = len(report.Chains)
		report.Chains = append(report.Chains, ChainReport{Kind: kind})
	}
	asked := asker{ctx: ctx, service: s, known: map[string]corpus.Answer{}}
	for _, chain := range Chains(set, words) {
		history, err := asked.history(chain.First)
		if err != nil {
			return report, fmt.Errorf("%s: query %s: %w", set.Name, chain.ID, err)
		}
		full, err := asked.once(chain.Full)
		if err != nil {
			return report, fmt.Errorf("%s: query %s: %w", set.Name, chain.ID, err)
		}
		start := time.Now()
		alone, err := asked.ask(chain.Text, nil)
		if err != nil {
			return report, fmt.Errorf("%s: query %s: %w", set.Name, chain.ID, err)
		}
		between := time.Now()
		answer, err := asked.ask(chain.Text, history)
		if err != nil {
			return report, fmt.Errorf("%s: query %s: %w", set.Name, chain.ID, err)
		}
		r := &report.Chains[at[chain.Kind]]
		r.Extra += milliseconds(time.Since(between) - between.Sub(start))
		r.Questions++
		r.Alone += measureOne(chain.Relevant, documentsOf(alone)).NDCG10
		r.History += measureOne(chain.Relevant, documentsOf(answer)).NDCG10
		r.Full += measureOne(chain.Relevant, documentsOf(full)).NDCG10
		if answer.FollowsUp {
			r.FollowUps++
		}
	}
	for i := range report.Chains {
		r := &report.Chains[i]
		for _, sum := range []*float64{&r.Alone, &r.History, &r.Full, &r.FollowUps, &r.Extra} {
			*sum /= float64(max(r.Questions, 1))
		}
	}
	return report, nil
}

// asker asks a service and keeps the answers to questions without a history.
type asker struct {
	ctx     context.Context
	service Service
	known   map[string]corpus.Answer
}

func (a *asker) once(question string) (corpus.Answer, error) {
	if answer, ok := a.known[question]; ok {
		return answer, nil
	}
	answer, err := a.ask(question, nil)
	a.known[question] = answer
	return answer, err
}

// history is a conversation of one question and an answer that cites the best passage that was found for it.
func (a *asker) history(first string) ([]corpus.Turn, error) {
	answer, err := a.once(first)
	if err != nil {
		return nil, err
	}
	turns := []corpus.Turn{{Role: corpus.User, Text: first}}
	if len(answer.Passages) > 0 {
		turns = append(turns, corpus.Turn{Role: corpus.Assistant, Cited: []corpus.ChunkID{answer.Passages[0].Chunk.ID}})
	}
	return turns, nil
}

func (a *asker) ask(question string, history []corpus.Turn) (corpus.Answer, error) {
	return a.service.Search(a.ctx, corpus.Query{Text: question, History: history, Limit: 20})
}

func documentsOf(a corpus.Answer) []string {
	ids := make([]string, len(a.Passages))
	for i, p := range a.Passages {
		ids[i] = p.Chunk.DocumentID
	}
	return ids
}
