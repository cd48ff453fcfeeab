package server

import (
	"fmt"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

var roles = map[dalilv1.Role]corpus.Role{
	dalilv1.Role_ROLE_USER:      corpus.User,
	dalilv1.Role_ROLE_ASSISTANT: corpus.Assistant,
}

// history checks what the translation of a history loses: unknown roles and ids that are none.
func (c *checker) history(turns []*dalilv1.Turn) {
	for i, turn := range turns {
		field := fmt.Sprintf("history[%d]", i)
		if _, known := roles[turn.GetRole()]; !known {
			c.refuse(field+".role", "must be USER or ASSISTANT")
		}
		for j, id := range turn.GetPassageIds() {
			if _, err := corpus.ParseChunkID(id); err != nil {
				c.refuse(fmt.Sprintf("%s.passage_ids[%d]", field, j), "is not a UUID of the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")
			}
		}
	}
}

// history translates the turns before a question.
func history(from []*dalilv1.Turn) []corpus.Turn {
	var to []corpus.Turn
	for _, turn := range from {
		one := corpus.Turn{Role: roles[turn.GetRole()], Text: question(turn.GetText())}
		for _, id := range turn.GetPassageIds() {
			parsed, _ := corpus.ParseChunkID(id) // the check refuses what is none
			one.Cited = append(one.Cited, parsed)
		}
		to = append(to, one)
	}
	return to
}
