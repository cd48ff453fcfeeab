package searcher

import (
	"context"
	"slices"

	"dalil/corpus"
	"dalil/lexical"
)

// askedNames says which documents have the proper names of the question. The signs say it only in part: a passage
// about the stadium of Ajax has all but one word of a question about the stadium of Benfica.
type askedNames struct {
	all  []lexical.AskedName
	held map[string]*namesHeld // by the id of the document
}

// namesHeld says which of the names a document has.
type namesHeld struct {
	names    []bool
	passages []corpus.ChunkID // its candidates
	read     bool             // their texts were compared too
}

// namesIn looks for the question's names in the best candidates. Those of the conversation do not count. A document
// has a name if one of its candidates or its title has it in any form, translation or sound.
func (r *run) namesIn(best []candidate) askedNames {
	if r.options.Relevance == nil {
		return askedNames{}
	}
	n := askedNames{all: r.deps.Expander.AskedNames(r.query.Text, &r.question)}
	if len(n.all) == 0 {
		return n
	}
	n.held = map[string]*namesHeld{}
	for i := range best {
		c := &best[i]
		document := n.held[c.hit.DocumentID]
		if document == nil {
			document = &namesHeld{names: make([]bool, len(n.all))}
			n.held[c.hit.DocumentID] = document
		}
		document.passages = append(document.passages, c.hit.ID)
		for k := range n.all {
			document.names[k] = document.names[k] || c.held == nil || n.all[k].In(c.held)
		}
	}
	return n
}

// hasNames reports whether the candidate's document has all names of the question. Before it says no, it compares the
// texts of the document's candidates, because a name may be misspelt there or in the question.
func (r *run) hasNames(ctx context.Context, c *candidate) bool {
	document := r.names.held[c.hit.DocumentID]
	if document == nil || !slices.Contains(document.names, false) {
		return true
	}
	if document.read {
		return false
	}
	document.read = true
	known := r.read(ctx, document.passages, 0) == nil // otherwise nothing is known of the document
	for k := range document.names {
		for _, id := range document.passages {
			p, there := r.points[id]
			document.names[k] = document.names[k] || !known || !there || r.deps.Expander.Resembles(&r.names.all[k], passageText(p))
		}
	}
	return !slices.Contains(document.names, false)
}
